/** Addresses: who is where, and who may be loaded. */
@NullMarked
package dev.shakedown.net;

import org.jspecify.annotations.NullMarked;
