package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.Prf;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordMac;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** The computations of SSL 3.0, which predates HMAC and pads secrets in its own way (RFC 6101). */
final class Ssl3 implements Dialect {
    private static final int LONGEST_PAD = 48;
    private static final byte[] PAD_1 = pad(0x36);
    private static final byte[] PAD_2 = pad(0x5c);

    private static final int MD5_AND_SHA_1 = 36;
    private static final byte[] CLIENT = Prf.label("CLNT");
    private static final byte[] SERVER = Prf.label("SRVR");

    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.SSL_3_0;
    }

    @Override
    public MessageDigest newDigest(Primitives primitives) {
        return new IdentityDigest();
    }

    @Override
    public byte[] expand(Primitives primitives, byte[] secret, byte[] label, byte[] seed, byte[] moreSeed,
            int length) {
        return expand(primitives, secret, seed, moreSeed, length);
    }

    @Override
    public int finishedLength() {
        return MD5_AND_SHA_1;
    }

    @Override
    public byte[] finished(Primitives primitives, FinishedMac side, MasterSecret master, byte[] transcriptHash) {
        return handshakeMac(primitives, master, transcriptHash, side == FinishedMac.CLIENT ? CLIENT : SERVER);
    }

    @Override
    public int ivLength(Bulk bulk) {
        return Tls10.firstIvLength(bulk);
    }

    @Override
    public RecordMac recordMac(Primitives primitives, Hash hash, byte[] key) {
        return new Ssl3RecordMac(primitives, hash, key);
    }

    /** {@inheritDoc} Its content is arbitrary, but it is shorter than a block (RFC 6101, 5.2.3.2). */
    @Override
    public boolean acceptsPadding(ByteBuf plain, int padding, int block) {
        return padding < block;
    }

    private static byte[] pad(int value) {
        var pad = new byte[LONGEST_PAD];
        Arrays.fill(pad, (byte) value);
        return pad;
    }

    /** Returns hash(secret + pad_2 + hash(parts)), with secret + pad_1 inserted among the parts at {@code secretAt}. */
    private static byte[] padded(Primitives primitives, Hash hash, byte[] secret, int secretAt, byte[]... parts) {
        var digest = primitives.newDigest(hash);
        var padding = hash == Hash.MD5 ? LONGEST_PAD : LONGEST_PAD - 8;
        for (var i = 0; i <= parts.length; i++) {
            if (i == secretAt) {
                digest.update(secret);
                digest.update(PAD_1, 0, padding);
            }
            if (i < parts.length) {
                digest.update(parts[i]);
            }
        }
        var inner = digest.digest();
        digest.update(secret);
        digest.update(PAD_2, 0, padding);
        return digest.digest(inner);
    }

    /** Returns a record's MAC over {@code before} and the content (RFC 6101, 5.2.3.1). */
    static byte[] mac(Primitives primitives, Hash hash, byte[] key, byte[] before, byte[] content) {
        return padded(primitives, hash, key, 0, before, content);
    }

    /**
     * Returns the MD5 and SHA-1 MACs over a handshake (RFC 6101, 5.6.9; 5.6.8 for CertificateVerify).
     *
     * @param messages all messages of the handshake so far
     * @param sender   the sender's constant; empty in a CertificateVerify
     */
    static byte[] handshakeMac(Primitives primitives, MasterSecret master, byte[] messages, byte[] sender) {
        var md5 = padded(primitives, Hash.MD5, master.bytes(), 2, messages, sender);
        var sha1 = padded(primitives, Hash.SHA_1, master.bytes(), 2, messages, sender);
        var both = Arrays.copyOf(md5, md5.length + sha1.length);
        System.arraycopy(sha1, 0, both, md5.length, sha1.length);
        return both;
    }

    /**
     * Returns {@code length} bytes of MD5(secret + SHA-1("A" + secret + seed + moreSeed)), then "BB", "CCC" … (RFC
     * 6101, 6.1).
     */
    private static byte[] expand(Primitives primitives, byte[] secret, byte[] seed, byte[] moreSeed, int length) {
        var md5 = primitives.newDigest(Hash.MD5);
        var sha1 = primitives.newDigest(Hash.SHA_1);
        var out = new byte[length];
        for (int at = 0, round = 1; at < length; round++) {
            sha1.update(Character.toString('A' + round - 1).repeat(round).getBytes(StandardCharsets.US_ASCII));
            sha1.update(secret);
            sha1.update(seed);
            sha1.update(moreSeed);
            md5.update(secret);
            var block = md5.digest(sha1.digest());
            var part = Math.min(block.length, length - at);
            System.arraycopy(block, 0, out, at, part);
            at += part;
        }
        return out;
    }
}
