package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AEAD record protection of TLS 1.2: AES-GCM (RFC 5288) and ChaCha20-Poly1305 (RFC 7905). */
final class AeadProtection implements RecordProtection {
    static final int TAG = 16;
    static final int NONCE = 12;
    private static final int EXPLICIT_NONCE = 8;

    private final Primitives primitives;
    private final Bulk bulk;
    private final SecretKeySpec key;
    private final byte[] iv;
    private final int version;
    private long sequence;

    AeadProtection(Primitives primitives, Bulk bulk, KeyBlock.Keys keys, int version) {
        this.primitives = primitives;
        this.bulk = bulk;
        this.key = key(bulk, keys);
        this.iv = keys.iv();
        this.version = version;
    }

    @Override
    public void seal(ContentType type, ByteBuf content, ByteBuf out) {
        var length = content.readableBytes();
        var explicit = explicitNonce();
        RecordProtection.header(type, version, explicit + length + TAG, out);
        var additionalData = primitives.additionalData();
        RecordProtection.additionalData(additionalData, sequence, type, version, length);
        var nonce = nonce();
        if (explicit == 0) {
            exclusiveOr(nonce, sequence);
        } else {
            // The sequence number is a nonce that never repeats under one key (RFC 5288, 3).
            System.arraycopy(additionalData, 0, nonce, iv.length, EXPLICIT_NONCE);
            out.writeLong(sequence);
        }
        sequence++;
        try {
            var cipher = initialised(primitives, bulk, Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(additionalData);
            out.ensureWritable(length + TAG);
            var made = cipher.doFinal(content.array(), content.arrayOffset() + content.readerIndex(), length,
                    out.array(), out.arrayOffset() + out.writerIndex());
            out.writerIndex(out.writerIndex() + made);
            content.skipBytes(length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's cipher refused to seal a record", e);
        }
    }

    @Override
    public RecordReader.Record open(RecordReader.Record received) throws Fault {
        var fragment = received.fragment();
        var explicit = explicitNonce();
        var length = fragment.readableBytes() - explicit - TAG;
        if (length < 0) {
            throw RecordProtection.badRecordMac();
        }
        if (length > RecordReader.MAX_CONTENT) {
            throw CbcProtection.tooLong(length);
        }
        var nonce = nonce();
        if (explicit == 0) {
            exclusiveOr(nonce, sequence);
        } else {
            fragment.readBytes(nonce, iv.length, EXPLICIT_NONCE);
        }
        var additionalData = primitives.additionalData();
        RecordProtection.additionalData(additionalData, sequence++, received.type(), received.version(), length);
        var at = fragment.arrayOffset() + fragment.readerIndex();
        try {
            var cipher = initialised(primitives, bulk, Cipher.DECRYPT_MODE, key, nonce);
            cipher.updateAAD(additionalData);
            cipher.doFinal(fragment.array(), at, length + TAG, fragment.array(), at);
        } catch (GeneralSecurityException | RuntimeException _) {
            throw RecordProtection.badRecordMac();
        }
        return new RecordReader.Record(received.type(), received.version(), fragment.readSlice(length));
    }

    static SecretKeySpec key(Bulk bulk, KeyBlock.Keys keys) {
        return new SecretKeySpec(keys.key(), bulk == Bulk.CHACHA20_POLY1305 ? "ChaCha20" : "AES");
    }

    /** Returns the shared cipher, initialised with one record's nonce. */
    static Cipher initialised(Primitives primitives, Bulk bulk, int mode, SecretKeySpec key, byte[] nonce)
            throws GeneralSecurityException {
        var cipher = primitives.cipher(bulk);
        AlgorithmParameterSpec spec = bulk == Bulk.CHACHA20_POLY1305
                ? new IvParameterSpec(nonce)
                : new GCMParameterSpec(8 * TAG, nonce);
        cipher.init(mode, key, spec);
        return cipher;
    }

    /** Returns an array that all records share, beginning with the part of the nonce that comes from the key block. */
    private byte[] nonce() {
        var nonce = primitives.nonce();
        System.arraycopy(iv, 0, nonce, 0, iv.length);
        return nonce;
    }

    /** Returns how many bytes of the nonce each record contains. */
    private int explicitNonce() {
        return NONCE - iv.length;
    }

    /**
     * XORs the sequence number into the IV in {@code nonce}, for records that contain no nonce (RFC 7905, 2; RFC 8446,
     * 5.3).
     */
    static void exclusiveOr(byte[] nonce, long sequence) {
        for (var i = 0; i < 8; i++) {
            nonce[NONCE - 1 - i] ^= (byte) (sequence >>> (8 * i));
        }
    }
}
