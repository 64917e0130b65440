package dev.shakedown.target;

/**
 * What a target saw of handshakes since it began.
 *
 * @param accepted TCP connections
 * @param full     handshakes completed with a key exchange
 * @param resumed  handshakes completed by taking up a session
 * @param failed   connections that ended before their handshake was complete
 */
public record HandshakeCounts(long accepted, long full, long resumed, long failed) {}
