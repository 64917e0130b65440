package dev.shakedown.tls.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/** Reduces and checks x25519 public values (RFC 7748, 5). */
final class Curve25519 {
    private static final int LENGTH = 32;
    /** The lowest byte of p = 2<sup>255</sup> - 19; the highest byte is 0x7f, all others 0xff. */
    private static final int LOWEST_OF_P = 0xed;

    /** Points that yield the secret 0 with any private key, which must be rejected (RFC 7748, 6.1; RFC 8422, 5.11). */
    private static final byte[][] SMALL_ORDER = {new byte[LENGTH],
        HexFormat.of().parseHex("0100000000000000000000000000000000000000000000000000000000000000"),
        HexFormat.of().parseHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        HexFormat.of().parseHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        HexFormat.of().parseHex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")};

    private Curve25519() {}

    /**
     * Returns the value without its highest bit, modulo p; that is {@code value} itself, unchanged, for a server that
     * follows the RFC.
     */
    static byte[] reduced(byte[] value) {
        if (value[LENGTH - 1] >= 0 && !isAtLeastP(value)) {
            return value;
        }
        var reduced = Arrays.copyOf(value, LENGTH);
        reduced[LENGTH - 1] &= 0x7f;
        if (isAtLeastP(reduced)) {
            var rest = Byte.toUnsignedInt(reduced[0]) - LOWEST_OF_P;
            Arrays.fill(reduced, (byte) 0);
            reduced[0] = (byte) rest;
        }
        return reduced;
    }

    static boolean isOfSmallOrder(byte[] value) {
        var reduced = reduced(value);
        for (var point : SMALL_ORDER) {
            if (Arrays.equals(point, reduced)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value of 255 bits is at least p. */
    private static boolean isAtLeastP(byte[] value) {
        if (value[LENGTH - 1] != 0x7f || Byte.toUnsignedInt(value[0]) < LOWEST_OF_P) {
            return false;
        }
        for (var i = 1; i < LENGTH - 1; i++) {
            if (value[i] != (byte) 0xff) {
                return false;
            }
        }
        return true;
    }
}
