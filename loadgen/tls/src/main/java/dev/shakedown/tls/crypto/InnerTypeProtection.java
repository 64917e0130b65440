package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Record protection of TLS 1.3 (RFC 8446, 5.2): all records look like TLS 1.2 application data, and the content's real
 * type follows it, encrypted.
 */
final class InnerTypeProtection implements RecordProtection {
    private static final int TYPE = 1;

    private final Primitives primitives;
    private final Bulk bulk;
    private final SecretKeySpec key;
    private final byte[] iv;
    private final byte[] header = new byte[RecordReader.HEADER];
    private long sequence;

    InnerTypeProtection(Primitives primitives, Bulk bulk, KeyBlock.Keys keys) {
        this.primitives = primitives;
        this.bulk = bulk;
        this.key = AeadProtection.key(bulk, keys);
        this.iv = keys.iv();
    }

    @Override
    public void seal(ContentType type, ByteBuf content, ByteBuf out) {
        var length = content.readableBytes();
        var sealed = length + TYPE + AeadProtection.TAG;
        RecordProtection.header(ContentType.APPLICATION_DATA, ProtocolVersion.TLS_1_2.id(), sealed, out);
        out.ensureWritable(sealed);
        // Encrypts in place: content, type, and room for the tag.
        var at = out.writerIndex();
        out.writeBytes(content).writeByte(type.id());
        try {
            cipher(Cipher.ENCRYPT_MODE, sealed, ProtocolVersion.TLS_1_2.id()).doFinal(out.array(),
                    out.arrayOffset() + at, length + TYPE, out.array(),
                    out.arrayOffset() + at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's cipher refused to seal a record", e);
        }
        out.writerIndex(at + sealed);
    }

    @Override
    public RecordReader.Record open(RecordReader.Record received) throws Fault {
        var fragment = received.fragment();
        if (received.type() != ContentType.APPLICATION_DATA) {
            throw new Fault(Violation.RECORD_NOT_ENCRYPTED, received.type());
        }
        var sealed = fragment.readableBytes();
        var length = sealed - AeadProtection.TAG;
        if (length < 0) {
            throw RecordProtection.badRecordMac();
        }
        var at = fragment.arrayOffset() + fragment.readerIndex();
        try {
            cipher(Cipher.DECRYPT_MODE, sealed, received.version()).doFinal(fragment.array(), at, sealed,
                    fragment.array(), at);
        } catch (GeneralSecurityException | RuntimeException _) {
            throw RecordProtection.badRecordMac();
        }
        if (length > RecordReader.MAX_CONTENT + TYPE) {
            throw CbcProtection.tooLong(length - TYPE);
        }
        return content(received, fragment.readSlice(length));
    }

    @Override
    public int maxFragment() {
        return RecordReader.MAX_PROTECTED_TLS13;
    }

    @Override
    public boolean ignoresVersion() {
        return true;
    }

    /** Removes the zero padding and the type from the content (RFC 8446, 5.4). */
    private static RecordReader.Record content(RecordReader.Record received, ByteBuf padded) throws Fault {
        var last = padded.writerIndex() - 1;
        while (last >= padded.readerIndex() && padded.getByte(last) == 0) {
            last--;
        }
        if (last < padded.readerIndex()) {
            throw new Fault(Violation.INNER_TYPE_MISSING);
        }
        var id = padded.getUnsignedByte(last);
        var type = ContentType.of(id);
        if (type == null || type == ContentType.CHANGE_CIPHER_SPEC) {
            throw new Fault(Violation.INNER_TYPE_UNKNOWN, id);
        }
        return new RecordReader.Record(type, received.version(), padded.writerIndex(last));
    }

    /** Returns the cipher for the next record, initialised with the record's header as additional data. */
    private Cipher cipher(int mode, int length, int version) throws GeneralSecurityException {
        var nonce = primitives.nonce();
        System.arraycopy(iv, 0, nonce, 0, iv.length);
        AeadProtection.exclusiveOr(nonce, sequence++);
        header[0] = (byte) ContentType.APPLICATION_DATA.id();
        header[1] = (byte) (version >> 8);
        header[2] = (byte) version;
        header[3] = (byte) (length >> 8);
        header[4] = (byte) length;
        var cipher = AeadProtection.initialised(primitives, bulk, mode, key, nonce);
        cipher.updateAAD(header);
        return cipher;
    }
}
