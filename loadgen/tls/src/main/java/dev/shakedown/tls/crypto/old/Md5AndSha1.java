package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.DigestException;
import java.security.MessageDigest;

/** The concatenated MD5 and SHA-1 of the same bytes, with which TLS 1.0 and 1.1 hash handshakes (RFC 4346, 7.4.9). */
final class Md5AndSha1 extends MessageDigest implements Cloneable {
    static final int MD5_LENGTH = 16;
    private static final int SHA_1_LENGTH = 20;

    private MessageDigest md5;
    private MessageDigest sha1;

    Md5AndSha1(Primitives primitives) {
        super("MD5 and SHA-1");
        md5 = primitives.newDigest(Hash.MD5);
        sha1 = primitives.newDigest(Hash.SHA_1);
    }

    @Override
    protected int engineGetDigestLength() {
        return MD5_LENGTH + SHA_1_LENGTH;
    }

    @Override
    protected void engineUpdate(byte input) {
        md5.update(input);
        sha1.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        md5.update(input, offset, length);
        sha1.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
        var value = new byte[MD5_LENGTH + SHA_1_LENGTH];
        try {
            md5.digest(value, 0, MD5_LENGTH);
            sha1.digest(value, MD5_LENGTH, SHA_1_LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("the JDK's MD5 or SHA-1 gives another length", e);
        }
        return value;
    }

    @Override
    protected int engineDigest(byte[] into, int offset, int length) {
        System.arraycopy(engineDigest(), 0, into, offset, length);
        return length;
    }

    @Override
    protected void engineReset() {
        md5.reset();
        sha1.reset();
    }

    @Override
    public Object clone() throws CloneNotSupportedException {
        var copy = (Md5AndSha1) super.clone();
        copy.md5 = (MessageDigest) md5.clone();
        copy.sha1 = (MessageDigest) sha1.clone();
        return copy;
    }
}
