/** What is said on a connection before its TLS handshake begins. Bytes in, bytes out: it knows nothing of sockets. */
@NullMarked
package dev.shakedown.net.prelude;

import org.jspecify.annotations.NullMarked;
