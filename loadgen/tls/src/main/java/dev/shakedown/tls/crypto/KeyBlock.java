package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Arrays;

/** The key block of one connection, cut into what each direction needs (RFC 5246, 6.3). */
public record KeyBlock(Keys client, Keys server) {
    /** One direction's keys; {@code mac} is empty for AEAD suites, {@code iv} for CBC suites from TLS 1.1 on. */
    public record Keys(byte[] mac, byte[] key, byte[] iv) {}

    private static final byte[] NONE = {};

    static int length(CipherSuite suite, ProtocolVersion version) {
        return 2 * (macLength(suite) + suite.bulk().keyLength() + ivLength(suite, version));
    }

    static KeyBlock cut(CipherSuite suite, ProtocolVersion version, byte[] block) {
        var mac = macLength(suite);
        var key = suite.bulk().keyLength();
        var iv = ivLength(suite, version);
        var keysAt = 2 * mac;
        var ivsAt = keysAt + 2 * key;
        return new KeyBlock(
                new Keys(part(block, 0, mac), part(block, keysAt, key), part(block, ivsAt, iv)),
                new Keys(part(block, mac, mac), part(block, keysAt + key, key), part(block, ivsAt + iv, iv)));
    }

    /** From TLS 1.1 on a CBC suite's IVs stand in the records; before, the first one is a key's companion. */
    private static int ivLength(CipherSuite suite, ProtocolVersion version) {
        return suite.bulk().isCbc() && version.compareTo(ProtocolVersion.TLS_1_1) < 0
                ? suite.bulk().blockLength()
                : suite.bulk().ivLength();
    }

    private static int macLength(CipherSuite suite) {
        return suite.macHash() == null ? 0 : suite.macHash().length();
    }

    private static byte[] part(byte[] block, int from, int length) {
        return length == 0 ? NONE : Arrays.copyOfRange(block, from, from + length);
    }
}
