package dev.shakedown.server;

/**
 * What a server has counted since it started.
 *
 * @param accepted TCP connections
 * @param tls12    handshakes completed in TLS 1.2
 * @param tls13    handshakes completed in TLS 1.3
 * @param failed   connections that ended before their handshake was complete
 */
public record HandshakeCounts(long accepted, Completed tls12, Completed tls13, long failed) {

    /**
     * Completed handshakes of one version.
     *
     * @param full    those with a Certificate
     * @param resumed those that resumed a session
     */
    public record Completed(long full, long resumed) {}

    /** Returns the number of full handshakes completed in either version. */
    public long full() {
        return tls12.full + tls13.full;
    }

    /** Returns the number of resumed handshakes completed in either version. */
    public long resumed() {
        return tls12.resumed + tls13.resumed;
    }
}
