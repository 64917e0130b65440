package dev.shakedown.tls.crypto.old;

import java.security.MessageDigest;
import java.util.Arrays;

/** A digest that returns its input: in SSL 3.0 the transcript cannot be hashed before the master secret is known. */
final class IdentityDigest extends MessageDigest implements Cloneable {
    private byte[] all = {};

    IdentityDigest() {
        super("verbatim");
    }

    @Override
    protected int engineGetDigestLength() {
        return all.length;
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[]{input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        // A new array each time: a clone keeps the old one.
        all = Arrays.copyOf(all, all.length + length);
        System.arraycopy(input, offset, all, all.length - length, length);
    }

    @Override
    protected byte[] engineDigest() {
        var value = all;
        engineReset();
        return value;
    }

    @Override
    protected void engineReset() {
        all = new byte[0];
    }
}
