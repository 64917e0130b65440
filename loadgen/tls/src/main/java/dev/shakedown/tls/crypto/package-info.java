/**
 * What the handshake computes: premaster, key derivation, Finished MAC, record protection, key exchange, transcript.
 * Nothing here is thread-safe; each worker has its own {@link dev.shakedown.tls.crypto.Primitives}.
 */
@NullMarked
package dev.shakedown.tls.crypto;

import org.jspecify.annotations.NullMarked;
