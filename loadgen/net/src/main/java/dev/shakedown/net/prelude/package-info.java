/** What is exchanged on a connection before its TLS handshake. Bytes go in and out; nothing here uses sockets. */
@NullMarked
package dev.shakedown.net.prelude;

import org.jspecify.annotations.NullMarked;
