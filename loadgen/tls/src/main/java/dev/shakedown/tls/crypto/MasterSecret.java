package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;

/** The 48 bytes that a session's keys come from (RFC 5246, 8.1). */
public record MasterSecret(byte[] bytes) {
    /** Its length, bytes. */
    public static final int LENGTH = 48;

    private static final byte[] MASTER_SECRET = Prf.label("master secret");
    private static final byte[] EXTENDED_MASTER_SECRET = Prf.label("extended master secret");
    private static final byte[] KEY_EXPANSION = Prf.label("key expansion");
    private static final byte[] NONE = {};

    /** From the premaster secret and both randoms (RFC 5246, 8.1). */
    public static MasterSecret derive(Primitives primitives, Dialect dialect, PremasterSecret premaster,
            byte[] clientRandom, byte[] serverRandom) {
        return new MasterSecret(dialect.expand(primitives, premaster.bytes(), MASTER_SECRET, clientRandom,
                serverRandom, LENGTH));
    }

    /** From the premaster secret and the transcript's hash up to the ClientKeyExchange (RFC 7627, 4). */
    public static MasterSecret deriveExtended(Primitives primitives, Dialect dialect, PremasterSecret premaster,
            byte[] sessionHash) {
        return new MasterSecret(dialect.expand(primitives, premaster.bytes(), EXTENDED_MASTER_SECRET, sessionHash,
                NONE, LENGTH));
    }

    /** The keys of one connection (RFC 5246, 6.3). */
    public KeyBlock expand(Primitives primitives, Dialect dialect, CipherSuite suite, byte[] clientRandom,
            byte[] serverRandom) {
        var block = dialect.expand(primitives, bytes, KEY_EXPANSION, serverRandom, clientRandom,
                KeyBlock.length(suite, dialect));
        return KeyBlock.cut(suite, dialect, block);
    }

    /** The same in TLS 1.2. */
    public KeyBlock expand(Primitives primitives, CipherSuite suite, byte[] clientRandom, byte[] serverRandom) {
        return expand(primitives, Dialect.tls12(suite.prfHash()), suite, clientRandom, serverRandom);
    }
}
