/** How bytes travel: addresses. */
@NullMarked
package dev.shakedown.net;

import org.jspecify.annotations.NullMarked;
