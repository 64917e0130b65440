/** The load: when handshakes are due, the workers that start them, the connections that carry them. */
package dev.shakedown.load;
