/** Non-blocking sockets on the best transport of the operating system, and the causes of their failures. */
@NullMarked
package dev.shakedown.net.socket;

import org.jspecify.annotations.NullMarked;
