/** The load: when handshakes are due, the workers that start them, the connections that carry them. */
@NullMarked
package dev.shakedown.load;

import org.jspecify.annotations.NullMarked;
