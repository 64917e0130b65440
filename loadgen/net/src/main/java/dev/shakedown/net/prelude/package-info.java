/** What is said on a connection before its TLS handshake begins. Bytes in, bytes out: it knows nothing of sockets. */
package dev.shakedown.net.prelude;
