package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;

/** The master secret, from which a session's keys are derived (RFC 5246, 8.1). */
public record MasterSecret(byte[] bytes) {
    /** The length of a master secret, in bytes. */
    public static final int LENGTH = 48;

    private static final byte[] MASTER_SECRET = Prf.label("master secret");
    private static final byte[] EXTENDED_MASTER_SECRET = Prf.label("extended master secret");
    private static final byte[] KEY_EXPANSION = Prf.label("key expansion");
    private static final byte[] NONE = {};

    /** Derives a master secret from the premaster secret and both randoms (RFC 5246, 8.1). */
    public static MasterSecret derive(Primitives primitives, Dialect dialect, PremasterSecret premaster,
            byte[] clientRandom, byte[] serverRandom) {
        return new MasterSecret(dialect.expand(primitives, premaster.bytes(), MASTER_SECRET, clientRandom,
                serverRandom, LENGTH));
    }

    /**
     * Derives a master secret from the premaster secret and the transcript hash up to the ClientKeyExchange (RFC 7627,
     * 4).
     */
    public static MasterSecret deriveExtended(Primitives primitives, Dialect dialect, PremasterSecret premaster,
            byte[] sessionHash) {
        return new MasterSecret(dialect.expand(primitives, premaster.bytes(), EXTENDED_MASTER_SECRET, sessionHash,
                NONE, LENGTH));
    }

    /** Derives the keys of one connection (RFC 5246, 6.3). */
    public KeyBlock expand(Primitives primitives, Dialect dialect, CipherSuite suite, byte[] clientRandom,
            byte[] serverRandom) {
        var block = dialect.expand(primitives, bytes, KEY_EXPANSION, serverRandom, clientRandom,
                KeyBlock.length(suite, dialect));
        return KeyBlock.cut(suite, dialect, block);
    }

    /** Derives the keys of one connection in TLS 1.2. */
    public KeyBlock expand(Primitives primitives, CipherSuite suite, byte[] clientRandom, byte[] serverRandom) {
        return expand(primitives, Dialect.tls12(suite.prfHash()), suite, clientRandom, serverRandom);
    }
}
