package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * CBC record protection with a MAC (RFC 5246, 6.2.3.2): the MAC is computed before encryption, or after it if both
 * sides agreed on encrypt_then_mac (RFC 7366). Decryption does not avoid timing side channels: this client keeps no
 * secrets.
 */
final class CbcProtection implements RecordProtection {
    private static final byte[] NO_TAG = {};

    private final Primitives primitives;
    private final Dialect dialect;
    private final CipherSuite suite;
    private final RecordMac mac;
    private final int block;
    private final SecretKeySpec key;
    private final boolean encryptThenMac;
    /** Before TLS 1.1: the IV of the next record, which is the last block of the previous one (RFC 2246, 6.2.3.2). */
    private byte @Nullable [] chained;

    CbcProtection(Primitives primitives, Dialect dialect, CipherSuite suite, KeyBlock.Keys keys,
            boolean encryptThenMac) {
        this.primitives = primitives;
        this.dialect = dialect;
        this.suite = suite;
        this.mac = dialect.recordMac(primitives, Objects.requireNonNull(suite.macHash()), keys.mac());
        this.block = suite.bulk().blockLength();
        this.key = new SecretKeySpec(keys.key(), suite.bulk() == CipherSuite.Bulk.DES_EDE_CBC ? "DESede" : "AES");
        this.chained = keys.iv().length > 0 ? keys.iv() : null;
        this.encryptThenMac = encryptThenMac;
    }

    @Override
    public void seal(ContentType type, ByteBuf content, ByteBuf out) {
        var version = dialect.version().id();
        var length = content.readableBytes();
        var sealed = Unpooled.buffer(block + length + mac.length() + block);
        var iv = chained;
        if (iv == null) {
            iv = new byte[block];
            primitives.random().nextBytes(iv);
            sealed.writeBytes(iv);
        }
        sealed.writeBytes(content, content.readerIndex(), length);
        if (!encryptThenMac) {
            sealed.writeBytes(mac.next(type, version, content));
        }
        content.skipBytes(length);
        var padding = block - 1 - sealed.readableBytes() % block;
        for (var i = 0; i <= padding; i++) {
            sealed.writeByte(padding);
        }
        var explicit = chained == null ? block : 0;
        crypt(Cipher.ENCRYPT_MODE, iv, sealed.slice(explicit, sealed.readableBytes() - explicit));
        if (chained != null) {
            chained = lastBlock(sealed);
        }
        var tag = encryptThenMac ? mac.next(type, version, sealed) : NO_TAG;
        RecordProtection.header(type, version, sealed.readableBytes() + tag.length, out);
        out.writeBytes(sealed).writeBytes(tag);
    }

    @Override
    public RecordReader.Record open(RecordReader.Record received) throws Fault {
        var fragment = received.fragment();
        if (encryptThenMac) {
            var length = fragment.readableBytes() - mac.length();
            if (length < 0) {
                throw RecordProtection.badRecordMac();
            }
            var covered = fragment.readSlice(length);
            mac.check(received, covered, fragment);
            fragment = covered;
        }
        var encrypted = fragment.readableBytes() - (chained == null ? block : 0);
        if (encrypted < block || encrypted % block != 0) {
            throw RecordProtection.badRecordMac();
        }
        var iv = chained;
        if (iv == null) {
            iv = new byte[block];
            fragment.readBytes(iv);
        } else {
            chained = lastBlock(fragment);
        }
        crypt(Cipher.DECRYPT_MODE, iv, fragment);
        var content = unpadded(fragment);
        if (!encryptThenMac) {
            var length = content.readableBytes() - mac.length();
            if (length < 0) {
                throw RecordProtection.badRecordMac();
            }
            var covered = content.readSlice(length);
            mac.check(received, covered, content);
            content = covered;
        }
        if (content.readableBytes() > RecordReader.MAX_CONTENT) {
            throw tooLong(content.readableBytes());
        }
        return new RecordReader.Record(received.type(), received.version(), content);
    }

    private byte[] lastBlock(ByteBuf encrypted) {
        var last = new byte[block];
        encrypted.getBytes(encrypted.writerIndex() - block, last);
        return last;
    }

    static Fault tooLong(int length) {
        return new Fault(Violation.CONTENT_TOO_LONG, length, RecordReader.MAX_CONTENT);
    }

    private ByteBuf unpadded(ByteBuf plain) throws Fault {
        var padding = plain.getUnsignedByte(plain.writerIndex() - 1);
        if (!dialect.acceptsPadding(plain, padding, block)) {
            throw RecordProtection.badRecordMac();
        }
        return plain.readSlice(plain.readableBytes() - padding - 1);
    }

    /** Encrypts or decrypts {@code blocks} in place. */
    private void crypt(int mode, byte[] iv, ByteBuf blocks) {
        var at = blocks.arrayOffset() + blocks.readerIndex();
        try {
            var cipher = primitives.cipher(suite.bulk());
            cipher.init(mode, key, new IvParameterSpec(iv));
            cipher.doFinal(blocks.array(), at, blocks.readableBytes(), blocks.array(), at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's cipher refused a record", e);
        }
    }
}
