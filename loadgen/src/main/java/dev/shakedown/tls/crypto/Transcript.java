package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.HandshakeMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * The hash over all handshake messages so far, in wire order (RFC 5246, 7.4.9). Messages that come before the hash is
 * known are kept until {@link #begin}.
 */
public final class Transcript {
    private final Primitives primitives;
    private ByteBuf early = Unpooled.buffer(256);
    private Hash hash;
    private MessageDigest digest;
    private byte[] beforeFinished;

    public Transcript(Primitives primitives) {
        this.primitives = primitives;
    }

    /** Adds one message with its header; {@code message} is heap memory and keeps its reader index. */
    public void add(ByteBuf message) {
        if (digest == null) {
            early.writeBytes(message, message.readerIndex(), message.readableBytes());
            return;
        }
        // A Finished covers what stands before it, so that hash is kept.
        if (message.getByte(message.readerIndex()) == HandshakeMessage.Finished.TYPE) {
            beforeFinished = hash();
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

    /** The hash over everything added so far. */
    public byte[] hash() {
        try {
            var copy = (MessageDigest) digest.clone();
            var value = new byte[hash.length()];
            copy.digest(value, 0, value.length);
            return value;
        } catch (CloneNotSupportedException | DigestException e) {
            throw new IllegalStateException("the JDK's " + hash.digestName() + " cannot be cloned", e);
        }
    }

    /** The hash over everything before the Finished that was added last. */
    public byte[] hashBeforeFinished() {
        return beforeFinished;
    }

    private void feed(ByteBuf message) {
        digest.update(message.array(), message.arrayOffset() + message.readerIndex(), message.readableBytes());
    }
}
