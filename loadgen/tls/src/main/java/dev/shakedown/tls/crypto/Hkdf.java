package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The key derivation function of TLS 1.3: HKDF with TLS labels (RFC 5869; RFC 8446, 7.1). */
final class Hkdf {
    private static final byte[] PREFIX = "tls13 ".getBytes(StandardCharsets.US_ASCII);

    private Hkdf() {}

    /** Returns a label as encoded in HkdfLabel, after its length and prefix. */
    static byte[] label(String text) {
        var ascii = text.getBytes(StandardCharsets.US_ASCII);
        var label = new byte[1 + PREFIX.length + ascii.length];
        label[0] = (byte) (PREFIX.length + ascii.length);
        System.arraycopy(PREFIX, 0, label, 1, PREFIX.length);
        System.arraycopy(ascii, 0, label, 1 + PREFIX.length, ascii.length);
        return label;
    }

    /** Computes HKDF-Extract, which yields as many bytes as the hash. */
    static byte[] extract(Primitives primitives, Hash hash, byte[] salt, byte[] inputKey) {
        return primitives.mac(hash, salt).doFinal(inputKey);
    }

    /**
     * Computes HKDF-Expand-Label.
     *
     * @param label  made by {@link #label}
     * @param length at most the hash's length, which takes a single block; TLS never needs more
     */
    static byte[] expandLabel(Primitives primitives, Hash hash, byte[] secret, byte[] label, byte[] context,
            int length) {
        if (length > hash.length()) {
            throw new IllegalArgumentException(length + " bytes are more than one block of " + hash.digestName());
        }
        var mac = primitives.mac(hash, secret);
        mac.update((byte) (length >> 8));
        mac.update((byte) length);
        mac.update(label);
        mac.update((byte) context.length);
        mac.update(context);
        mac.update((byte) 1);
        var block = mac.doFinal();
        return length == block.length ? block : Arrays.copyOf(block, length);
    }
}
