package dev.shakedown.interop;

/** A TLS server to be loaded, which tells what it has seen itself: another program, or the embedded target. */
interface Server extends AutoCloseable {
    /** Its port on 127.0.0.1. */
    int port();

    /** Fails unless the server itself counts exactly these handshakes; waits, bounded, until it counts as many. */
    void assertCounts(long full, long resumed);

    /** What a failing test shows of it. */
    String log();

    @Override
    void close();
}
