/** The load: when handshakes are due, the workers that start them, and the connections that carry them out. */
@NullMarked
package dev.shakedown.load;

import org.jspecify.annotations.NullMarked;
