package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;

/** The 48 bytes that a session's keys come from (RFC 5246, 8.1). */
public record MasterSecret(byte[] bytes) {
    /** Its length, bytes. */
    public static final int LENGTH = 48;

    private static final byte[] MASTER_SECRET = Prf.label("master secret");
    private static final byte[] EXTENDED_MASTER_SECRET = Prf.label("extended master secret");
    private static final byte[] KEY_EXPANSION = Prf.label("key expansion");
    private static final byte[] NONE = {};

    /** From the premaster secret and both randoms (RFC 5246, 8.1). */
    public static MasterSecret derive(Primitives primitives, Hash hash, PremasterSecret premaster,
            byte[] clientRandom, byte[] serverRandom) {
        return new MasterSecret(
                Prf.expand(primitives, hash, premaster.bytes(), MASTER_SECRET, clientRandom, serverRandom, LENGTH));
    }

    /** From the premaster secret and the transcript's hash up to the ClientKeyExchange (RFC 7627, 4). */
    public static MasterSecret deriveExtended(Primitives primitives, Hash hash, PremasterSecret premaster,
            byte[] sessionHash) {
        return new MasterSecret(
                Prf.expand(primitives, hash, premaster.bytes(), EXTENDED_MASTER_SECRET, sessionHash, NONE, LENGTH));
    }

    /** The keys of one connection (RFC 5246, 6.3). */
    public KeyBlock expand(Primitives primitives, CipherSuite suite, byte[] clientRandom, byte[] serverRandom) {
        return expand(primitives, ProtocolVersion.TLS_1_2, suite, clientRandom, serverRandom);
    }

    /** The keys of one connection of {@code version}, TLS 1.2 or before (RFC 4346, 6.3; RFC 2246, 6.3). */
    public KeyBlock expand(Primitives primitives, ProtocolVersion version, CipherSuite suite, byte[] clientRandom,
            byte[] serverRandom) {
        var block = Prf.expand(primitives, suite.prfHash(version), bytes, KEY_EXPANSION, serverRandom, clientRandom,
                KeyBlock.length(suite, version));
        return KeyBlock.cut(suite, version, block);
    }
}
