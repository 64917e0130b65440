/** Sockets without blocking, on whatever the operating system does best, and what goes wrong with them. */
@NullMarked
package dev.shakedown.net.socket;

import org.jspecify.annotations.NullMarked;
