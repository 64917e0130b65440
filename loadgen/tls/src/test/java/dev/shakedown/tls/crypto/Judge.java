package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ContentType;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.MD5Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * An independent implementation of the same computations, written from the RFCs alone with Bouncy Castle's algorithms.
 */
final class Judge {
    private static final int VERSION = 0x0303;
    private static final int BLOCK = 16;
    private static final int TAG = 16;

    private Judge() {}

    static byte[] join(byte[]... parts) {
        var out = Unpooled.buffer();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return ByteBufUtil.getBytes(out);
    }

    static byte[] hash(Hash hash, byte[]... parts) {
        var digest = digest(hash);
        var data = join(parts);
        digest.update(data, 0, data.length);
        var out = new byte[digest.getDigestSize()];
        digest.doFinal(out, 0);
        return out;
    }

    static byte[] hmac(Hash hash, byte[] key, byte[]... parts) {
        var mac = new HMac(digest(hash));
        mac.init(new KeyParameter(key));
        var data = join(parts);
        mac.update(data, 0, data.length);
        var out = new byte[mac.getMacSize()];
        mac.doFinal(out, 0);
        return out;
    }

    /** Returns the output of the PRF (RFC 5246, 5). */
    static byte[] prf(Hash hash, byte[] secret, String label, byte[] seed, int length) {
        var labelled = join(label.getBytes(StandardCharsets.US_ASCII), seed);
        var a = hmac(hash, secret, labelled);
        var out = new byte[0];
        while (out.length < length) {
            out = join(out, hmac(hash, secret, a, labelled));
            a = hmac(hash, secret, a);
        }
        return Arrays.copyOf(out, length);
    }

    /** Returns the fragment of record number {@code sequence} under an AEAD suite (RFC 5288, 3; RFC 7905, 2). */
    static byte[] sealAead(Bulk bulk, KeyBlock.Keys keys, long sequence, ContentType type, byte[] content) {
        var number = number(sequence);
        var aad = join(number, header(type, content.length));
        return bulk == Bulk.CHACHA20_POLY1305
                ? aead(bulk, true, keys.key(), masked(keys.iv(), number), aad, content)
                : join(number, aead(bulk, true, keys.key(), join(keys.iv(), number), aad, content));
    }

    /** Returns the content of such a fragment. */
    static byte[] openAead(Bulk bulk, KeyBlock.Keys keys, long sequence, ContentType type, byte[] fragment) {
        var number = number(sequence);
        if (bulk == Bulk.CHACHA20_POLY1305) {
            var aad = join(number, header(type, fragment.length - TAG));
            return aead(bulk, false, keys.key(), masked(keys.iv(), number), aad, fragment);
        }
        var explicit = Arrays.copyOf(fragment, 8);
        var aad = join(number, header(type, fragment.length - explicit.length - TAG));
        return aead(bulk, false, keys.key(), join(keys.iv(), explicit), aad,
                Arrays.copyOfRange(fragment, explicit.length, fragment.length));
    }

    /**
     * Returns the fragment of record number {@code sequence} under a CBC suite (RFC 5246, 6.2.3.2; RFC 7366, 3).
     *
     * @param padding bytes of padding before its length byte
     * @param spoil   changes the plaintext before it is encrypted
     */
    static byte[] sealCbc(CipherSuite suite, KeyBlock.Keys keys, boolean encryptThenMac, long sequence,
            ContentType type, byte[] content, int padding, Consumer<byte[]> spoil) {
        var pad = new byte[padding + 1];
        Arrays.fill(pad, (byte) padding);
        var mac = encryptThenMac
                ? new byte[0]
                : hmac(suite.macHash(), keys.mac(), number(sequence), header(type, content.length), content);
        var plain = join(content, mac, pad);
        spoil.accept(plain);
        var iv = new byte[BLOCK];
        Arrays.fill(iv, (byte) 0x5a);
        var sealed = join(iv, cbc(true, keys.key(), iv, plain));
        return encryptThenMac
                ? join(sealed, hmac(suite.macHash(), keys.mac(), number(sequence), header(type, sealed.length), sealed))
                : sealed;
    }

    /** Returns the length of the padding that fills the last block. */
    static int shortestPadding(CipherSuite suite, boolean encryptThenMac, int contentLength) {
        var length = contentLength + (encryptThenMac ? 0 : suite.macHash().length());
        return BLOCK - 1 - length % BLOCK;
    }

    /** Returns the content of a fragment under a CBC suite, with any padding; {@code null} if its MAC is wrong. */
    static byte[] openCbc(CipherSuite suite, KeyBlock.Keys keys, boolean encryptThenMac, long sequence,
            ContentType type, byte[] fragment) {
        var macLength = suite.macHash().length();
        var sealed = encryptThenMac ? Arrays.copyOf(fragment, fragment.length - macLength) : fragment;
        var iv = Arrays.copyOf(sealed, BLOCK);
        var plain = cbc(false, keys.key(), iv, Arrays.copyOfRange(sealed, BLOCK, sealed.length));
        var unpadded = Arrays.copyOf(plain, plain.length - 1 - (plain[plain.length - 1] & 0xff));
        var content = encryptThenMac ? unpadded : Arrays.copyOf(unpadded, unpadded.length - macLength);
        var covered = encryptThenMac ? sealed : content;
        var tagged = encryptThenMac ? fragment : unpadded;
        var tag = Arrays.copyOfRange(tagged, tagged.length - macLength, tagged.length);
        var wanted = hmac(suite.macHash(), keys.mac(), number(sequence), header(type, covered.length), covered);
        return Arrays.equals(wanted, tag) ? content : null;
    }

    private static byte[] aead(Bulk bulk, boolean encrypt, byte[] key, byte[] nonce, byte[] aad, byte[] in) {
        AEADCipher cipher = bulk == Bulk.CHACHA20_POLY1305
                ? new ChaCha20Poly1305()
                : GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(encrypt, new AEADParameters(new KeyParameter(key), 8 * TAG, nonce, aad));
        var out = new byte[cipher.getOutputSize(in.length)];
        try {
            cipher.doFinal(out, cipher.processBytes(in, 0, in.length, out, 0));
        } catch (InvalidCipherTextException e) {
            throw new AssertionError("Bouncy Castle does not open what we sealed", e);
        }
        return out;
    }

    private static byte[] cbc(boolean encrypt, byte[] key, byte[] iv, byte[] in) {
        var cipher = CBCBlockCipher.newInstance(AESEngine.newInstance());
        CipherParameters parameters = new ParametersWithIV(new KeyParameter(key), iv);
        cipher.init(encrypt, parameters);
        var out = new byte[in.length];
        for (var at = 0; at < in.length; at += BLOCK) {
            cipher.processBlock(in, at, out, at);
        }
        return out;
    }

    private static Digest digest(Hash hash) {
        return switch (hash) {
            case MD5 -> new MD5Digest();
            case SHA_1 -> new SHA1Digest();
            case SHA_256 -> new SHA256Digest();
            case SHA_384 -> new SHA384Digest();
        };
    }

    private static byte[] number(long sequence) {
        return ByteBufUtil.getBytes(Unpooled.copyLong(sequence));
    }

    private static byte[] header(ContentType type, int length) {
        return ByteBufUtil.getBytes(Unpooled.buffer().writeByte(type.id()).writeShort(VERSION).writeShort(length));
    }

    private static byte[] masked(byte[] iv, byte[] number) {
        var nonce = iv.clone();
        for (var i = 0; i < number.length; i++) {
            nonce[nonce.length - number.length + i] ^= number[i];
        }
        return nonce;
    }
}
