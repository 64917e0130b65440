package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import java.util.Arrays;

/** The key block of one connection, split by direction (RFC 5246, 6.3). */
public record KeyBlock(Keys client, Keys server) {
    /** One direction's keys; {@code mac} is empty for AEAD suites, {@code iv} for CBC suites since TLS 1.1. */
    public record Keys(byte[] mac, byte[] key, byte[] iv) {}

    private static final byte[] NONE = {};

    static int length(CipherSuite suite, Dialect dialect) {
        return 2 * (macLength(suite) + suite.bulk().keyLength() + dialect.ivLength(suite.bulk()));
    }

    static KeyBlock cut(CipherSuite suite, Dialect dialect, byte[] block) {
        var mac = macLength(suite);
        var key = suite.bulk().keyLength();
        var iv = dialect.ivLength(suite.bulk());
        var keysAt = 2 * mac;
        var ivsAt = keysAt + 2 * key;
        return new KeyBlock(
                new Keys(part(block, 0, mac), part(block, keysAt, key), part(block, ivsAt, iv)),
                new Keys(part(block, mac, mac), part(block, keysAt + key, key), part(block, ivsAt + iv, iv)));
    }

    private static int macLength(CipherSuite suite) {
        return suite.macHash() == null ? 0 : suite.macHash().length();
    }

    private static byte[] part(byte[] block, int from, int length) {
        return length == 0 ? NONE : Arrays.copyOfRange(block, from, from + length);
    }
}
