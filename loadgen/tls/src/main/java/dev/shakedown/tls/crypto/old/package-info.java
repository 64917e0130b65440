/** The computations in which SSL 3.0, TLS 1.0 and TLS 1.1 differ from TLS 1.2 (RFC 6101, RFC 2246, RFC 4346). */
@NullMarked
package dev.shakedown.tls.crypto.old;

import org.jspecify.annotations.NullMarked;
