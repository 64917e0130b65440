package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Record protection with a MAC after the content, both encrypted with a stream cipher or not at all (RFC 5246,
 * 6.2.3.1).
 */
final class StreamProtection implements RecordProtection {
    private final RecordMac mac;
    private final int version;
    /** Continues from record to record; {@code null} for no encryption. */
    private final @Nullable Cipher cipher;

    StreamProtection(Primitives primitives, Dialect dialect, CipherSuite suite, KeyBlock.Keys keys) {
        this.mac = dialect.recordMac(primitives, Objects.requireNonNull(suite.macHash()), keys.mac());
        this.version = dialect.version().id();
        this.cipher = suite.bulk() == Bulk.NULL ? null : rc4(keys.key());
    }

    /** Returns a cipher that both encrypts and decrypts. */
    private static Cipher rc4(byte[] key) {
        try {
            var cipher = Cipher.getInstance("ARCFOUR");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ARCFOUR"));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java does not support RC4", e);
        }
    }

    @Override
    public void seal(ContentType type, ByteBuf content, ByteBuf out) {
        var length = content.readableBytes();
        var tag = mac.next(type, version, content);
        RecordProtection.header(type, version, length + tag.length, out);
        var at = out.writerIndex();
        out.writeBytes(content).writeBytes(tag);
        crypt(out.slice(at, length + tag.length));
    }

    @Override
    public RecordReader.Record open(RecordReader.Record received) throws Fault {
        var fragment = received.fragment();
        var length = fragment.readableBytes() - mac.length();
        if (length < 0) {
            throw RecordProtection.badRecordMac();
        }
        crypt(fragment);
        var content = fragment.readSlice(length);
        mac.check(received, content, fragment);
        if (length > RecordReader.MAX_CONTENT) {
            throw CbcProtection.tooLong(length);
        }
        return new RecordReader.Record(received.type(), received.version(), content);
    }

    /** Encrypts or decrypts {@code bytes} in place. */
    private void crypt(ByteBuf bytes) {
        if (cipher == null) {
            return;
        }
        var at = bytes.arrayOffset() + bytes.readerIndex();
        try {
            cipher.update(bytes.array(), at, bytes.readableBytes(), bytes.array(), at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's RC4 refused a record", e);
        }
    }
}
