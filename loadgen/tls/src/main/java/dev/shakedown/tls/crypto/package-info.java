/**
 * The cryptography of the handshake: key exchange, key derivation, transcript, signatures, Finished MAC, record
 * protection. Nothing here is thread-safe; each worker has its own {@link dev.shakedown.tls.crypto.Primitives}.
 */
@NullMarked
package dev.shakedown.tls.crypto;

import org.jspecify.annotations.NullMarked;
