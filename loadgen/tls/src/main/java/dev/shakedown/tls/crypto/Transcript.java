package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Tls13Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The transcript hash: the hash of all handshake messages so far, in wire order (RFC 5246, 7.4.9); in SSL 3.0 the
 * messages themselves. Two messages precede the choice of the hash: the ClientHello, which is copied, and the server's
 * answer, whose bytes must not change until {@link #begin}.
 */
public final class Transcript {
    /** The type of the message that replaces the first ClientHello (RFC 8446, 4.4.1). */
    private static final byte MESSAGE_HASH = (byte) 254;
    private static final String NOT_BEGUN = "no hash is negotiated yet";

    private final Primitives primitives;
    private final @Nullable ByteBuf messages;
    private byte @Nullable [] clientHello;
    private ByteBuf answer = Unpooled.EMPTY_BUFFER;
    private @Nullable MessageDigest digest;
    private byte @Nullable [] current;
    private byte @Nullable [] beforeLast;
    private boolean ended;

    public Transcript(Primitives primitives) {
        this(primitives, false);
    }

    /** @param keepsMessages whether {@link #messages} will be asked for */
    public Transcript(Primitives primitives, boolean keepsMessages) {
        this.primitives = primitives;
        this.messages = keepsMessages ? Unpooled.buffer() : null;
    }

    /** Adds one message with its header; {@code message} is heap memory, and its reader index does not change. */
    public void add(ByteBuf message) {
        if (messages != null) {
            messages.writeBytes(message, message.readerIndex(), message.readableBytes());
        }
        if (ended) {
            return;
        }
        if (clientHello == null) {
            clientHello = ByteBufUtil.getBytes(message);
            return;
        }
        if (digest == null) {
            answer = message;
            return;
        }
        // These cover the messages before them, so keep that hash.
        var type = message.getByte(message.readerIndex());
        if (type == HandshakeMessage.Finished.TYPE || type == Tls13Message.CertificateVerify.TYPE) {
            beforeLast = hash();
        }
        current = null;
        feed(message);
    }

    /** Begins hashing with the hash of the negotiated suite. */
    public void begin(Hash negotiated) {
        begin(primitives.newDigest(negotiated));
    }

    /** Begins hashing as the negotiated version up to TLS 1.2 does. */
    public void begin(Dialect negotiated) {
        begin(negotiated.newDigest(primitives));
    }

    private void begin(MessageDigest negotiated) {
        digest = negotiated;
        digest.update(offered());
        feed(answer);
        answer = Unpooled.EMPTY_BUFFER;
    }

    /**
     * Begins hashing, as {@link #begin}, after the second message was a HelloRetryRequest: from here on a hash replaces
     * the first ClientHello (RFC 8446, 4.4.1).
     */
    public void beginRetried(Hash negotiated) {
        digest = primitives.newDigest(negotiated);
        var hashed = digest.digest(offered());
        digest.update(new byte[]{MESSAGE_HASH, 0, 0, (byte) hashed.length});
        digest.update(hashed);
        feed(answer);
        answer = Unpooled.EMPTY_BUFFER;
    }

    /** Returns the hash as if {@code more} were added, using {@code guessed} if no hash is negotiated yet. */
    public byte[] hashWith(Hash guessed, ByteBuf more) {
        if (digest != null) {
            return digestOf(clone(digest), more);
        }
        var guess = primitives.newDigest(guessed);
        if (clientHello != null) {
            guess.update(clientHello);
        }
        return digestOf(guess, more);
    }

    /** Returns the hash of everything added so far. */
    public byte[] hash() {
        if (current == null) {
            current = digestOf(clone(begun()), Unpooled.EMPTY_BUFFER);
        }
        return current;
    }

    /** Returns what {@link #hash} does, for the last time: messages added afterwards do not matter. */
    public byte[] lastHash() {
        ended = true;
        return digestOf(begun(), Unpooled.EMPTY_BUFFER);
    }

    /** Returns all messages so far, which a client signs up to TLS 1.2 (RFC 5246, 7.4.8). */
    public byte[] messages() {
        return ByteBufUtil.getBytes(Objects.requireNonNull(messages, "messages were not kept"));
    }

    /** Returns the hash of everything before the last Finished or CertificateVerify. */
    public byte[] hashBeforeLast() {
        return Objects.requireNonNull(beforeLast, "no such message yet");
    }

    private MessageDigest begun() {
        return Objects.requireNonNull(digest, NOT_BEGUN);
    }

    private byte[] offered() {
        return Objects.requireNonNull(clientHello, "there is no ClientHello yet");
    }

    private void feed(ByteBuf message) {
        update(begun(), message);
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

    private static byte[] digestOf(MessageDigest digest, ByteBuf more) {
        if (more.isReadable()) {
            update(digest, more);
        }
        try {
            var value = new byte[digest.getDigestLength()];
            digest.digest(value, 0, value.length);
            return value;
        } catch (DigestException e) {
            throw new IllegalStateException("the JDK's " + digest.getAlgorithm() + " gives another length", e);
        }
    }
}
