package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Tls13Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * The hash over all handshake messages so far, in wire order (RFC 5246, 7.4.9). Messages that come before the hash is
 * known are kept until {@link #begin}.
 */
public final class Transcript {
    /** The type of the message that stands for the first ClientHello (RFC 8446, 4.4.1). */
    private static final byte MESSAGE_HASH = (byte) 254;

    private final Primitives primitives;
    private final ByteBuf messages;
    private ByteBuf early = Unpooled.buffer(256);
    private Hash hash;
    private MessageDigest digest;
    private byte[] beforeLast;

    public Transcript(Primitives primitives) {
        this(primitives, false);
    }

    /** @param keepsMessages whether {@link #messages} will be asked for */
    public Transcript(Primitives primitives, boolean keepsMessages) {
        this.primitives = primitives;
        this.messages = keepsMessages ? Unpooled.buffer() : null;
    }

    /** Adds one message with its header; {@code message} is heap memory and keeps its reader index. */
    public void add(ByteBuf message) {
        if (messages != null) {
            messages.writeBytes(message, message.readerIndex(), message.readableBytes());
        }
        if (digest == null) {
            early.writeBytes(message, message.readerIndex(), message.readableBytes());
            return;
        }
        // These cover what stands before them, so that hash is kept.
        var type = message.getByte(message.readerIndex());
        if (type == HandshakeMessage.Finished.TYPE || type == Tls13Message.CertificateVerify.TYPE) {
            beforeLast = hash();
        }
        feed(message);
    }

    /** Says which hash it is, once the suite is known. */
    public void begin(Hash negotiated) {
        hash = negotiated;
        digest = primitives.newDigest(negotiated);
        feed(early);
        early = null;
    }

    /**
     * As {@link #begin}, after a HelloRetryRequest, the second message: a hash stands for the first ClientHello from here on
     * (RFC 8446, 4.4.1).
     */
    public void beginRetried(Hash negotiated) {
        var first = early.readSlice(HandshakeMessage.HEADER + early.getUnsignedMedium(early.readerIndex() + 1));
        hash = negotiated;
        digest = primitives.newDigest(negotiated);
        feed(first);
        var hashed = digest.digest();
        digest.update(new byte[]{MESSAGE_HASH, 0, 0, (byte) hashed.length});
        digest.update(hashed);
        feed(early);
        early = null;
    }

    /**
     * The hash that there would be if {@code more} were added, by the hash {@code guessed} while none is negotiated.
     */
    public byte[] hashWith(Hash guessed, ByteBuf more) {
        if (digest != null) {
            return digestOf(clone(digest), hash, more);
        }
        var guess = primitives.newDigest(guessed);
        update(guess, early);
        return digestOf(guess, guessed, more);
    }

    /** The hash over everything added so far. */
    public byte[] hash() {
        return digestOf(clone(digest), hash, Unpooled.EMPTY_BUFFER);
    }

    /** All messages so far, which is what a client signs up to TLS 1.2 (RFC 5246, 7.4.8). */
    public byte[] messages() {
        return ByteBufUtil.getBytes(messages);
    }

    /** The hash over everything before the Finished or CertificateVerify that was added last. */
    public byte[] hashBeforeLast() {
        return beforeLast;
    }

    private void feed(ByteBuf message) {
        update(digest, message);
    }

    private static void update(MessageDigest digest, ByteBuf bytes) {
        digest.update(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes());
    }

    private static MessageDigest clone(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's " + digest.getAlgorithm() + " cannot be cloned", e);
        }
    }

    private static byte[] digestOf(MessageDigest digest, Hash hash, ByteBuf more) {
        if (more.isReadable()) {
            update(digest, more);
        }
        try {
            var value = new byte[hash.length()];
            digest.digest(value, 0, value.length);
            return value;
        } catch (DigestException e) {
            throw new IllegalStateException("the JDK's " + hash.digestName() + " gives another length", e);
        }
    }
}
