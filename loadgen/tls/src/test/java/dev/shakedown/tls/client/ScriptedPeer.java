package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.MessageReader;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The part of an in-memory TLS server that all versions share: it parses the client's flights, keeps its alerts, and
 * sends what a script wants.
 *
 * @param <P> its steps
 */
abstract class ScriptedPeer<P> {
    static final int VERSION = 0x0303;

    final Primitives primitives = new Primitives(new SplittableRandom(7));
    final Transcript transcript = new Transcript(primitives);
    /** The version in records. */
    final int version;
    RecordProtection reading;
    private final Consumer<ByteBuf> toClient;
    private final RecordReader records = new RecordReader();
    private final MessageReader messages = new MessageReader();
    private final List<Alert> alerts = new ArrayList<>();
    /** How many bytes arrive at a time. */
    int mostAtOnce = Integer.MAX_VALUE;
    /** How many bytes of a message a record contains. */
    int mostInRecord = Integer.MAX_VALUE;
    /** Changes each handshake message before it is sent. */
    UnaryOperator<byte[]> change = UnaryOperator.identity();
    /** Whether both sides' Finished then covers the changed messages instead of the original ones. */
    boolean changeCounts;
    private ByteBuf held;
    private long bytesTaken;
    private long bytesGiven;

    ScriptedPeer(Consumer<ByteBuf> toClient) {
        this(toClient, VERSION);
    }

    ScriptedPeer(Consumer<ByteBuf> toClient, int version) {
        this.toClient = toClient;
        this.version = version;
        this.reading = new RecordProtection.None(version);
    }

    /** Does what the RFCs require at this step. */
    abstract void honest(P step);

    /** Returns the next record's bytes, under the keys in use, for a script to change. */
    abstract byte[] next(ContentType type, byte[] content);

    // Receiving from the client

    List<Alert> alerts() {
        return alerts;
    }

    long bytesTaken() {
        return bytesTaken;
    }

    /** Receives and checks a flight of the client; a client that breaks a rule fails the test. */
    void take(ByteBuf flight) {
        bytesTaken += flight.readableBytes();
        try {
            records.append(flight);
            for (RecordReader.Record next; (next = records.next(reading.maxFragment())) != null;) {
                if (!alerts.isEmpty()) {
                    throw new AssertionError("the client went on after its alert");
                }
                take(open(next));
            }
        } catch (Fault | GeneralSecurityException e) {
            throw new AssertionError("the client broke a rule: " + e.getMessage(), e);
        }
    }

    RecordReader.Record open(RecordReader.Record received) throws Fault {
        return reading.open(received);
    }

    private void take(RecordReader.Record opened) throws Fault, GeneralSecurityException {
        var content = opened.fragment();
        if (opened.type() != ContentType.HANDSHAKE) {
            requireWholeMessages();
        }
        switch (opened.type()) {
            case ALERT -> alerts.add(Alert.decode(content));
            case CHANGE_CIPHER_SPEC -> takeChange(content);
            case APPLICATION_DATA -> takeData(ByteBufUtil.getBytes(content));
            case HANDSHAKE -> {
                messages.append(content);
                for (ByteBuf next; (next = messages.next()) != null;) {
                    takeMessage(next, next.getByte(next.readerIndex()), next.slice(
                            next.readerIndex() + HandshakeMessage.HEADER,
                            next.readableBytes() - HandshakeMessage.HEADER));
                }
            }
        }
    }

    /** Checks that no other record and no change of keys interrupts a message. */
    void requireWholeMessages() {
        if (messages.midMessage()) {
            throw new AssertionError("the client broke off a message");
        }
    }

    abstract void takeMessage(ByteBuf raw, int type, ByteBuf body) throws Fault, GeneralSecurityException;

    abstract void takeChange(ByteBuf content);

    abstract void takeData(byte[] content);

    // Actions for scripts

    /** Sends one message in a record of its own. */
    void send(HandshakeMessage message) {
        send(message, new byte[0]);
    }

    /** Sends one message and, in the same record, bytes that the rules do not allow there. */
    void send(HandshakeMessage message, byte[] more) {
        var honest = encoded(message);
        var sent = change.apply(honest);
        if (!(message instanceof HelloRequest)) {
            transcript.add(Unpooled.wrappedBuffer(changeCounts ? sent : honest));
        }
        var content = joined(sent, more);
        if (content.length > 0) {
            inParts(content, mostInRecord);
        } else {
            record(ContentType.HANDSHAKE, content);
        }
    }

    /** Sends one message in as many records as it needs. */
    void sendInParts(HandshakeMessage message, int mostBytes) {
        transcript.add(Unpooled.wrappedBuffer(encoded(message)));
        inParts(encoded(message), mostBytes);
    }

    void inParts(byte[] message, int mostBytes) {
        var content = Unpooled.wrappedBuffer(message);
        while (content.isReadable()) {
            record(ContentType.HANDSHAKE,
                    ByteBufUtil.getBytes(content.readSlice(Math.min(mostBytes, content.readableBytes()))));
        }
    }

    void alert(int level, AlertDescription description) {
        record(ContentType.ALERT, level, description.id());
    }

    /** Sends one record with any content, under the keys in use. */
    void record(ContentType type, int... content) {
        record(type, bytes(content));
    }

    void record(ContentType type, byte[] content) {
        raw(next(type, content));
    }

    /** Sends one record unprotected although there are keys. */
    void plain(ContentType type, byte[] content) {
        raw(sealed(new RecordProtection.None(version), type, content));
    }

    void raw(int... bytes) {
        raw(bytes(bytes));
    }

    /** Returns how many bytes it has sent or held back. */
    long bytesGiven() {
        return bytesGiven;
    }

    void raw(byte[] bytes) {
        bytesGiven += bytes.length;
        var out = Unpooled.wrappedBuffer(bytes);
        if (held != null) {
            held.writeBytes(out);
            return;
        }
        while (out.isReadable()) {
            toClient.accept(out.readSlice(Math.min(mostAtOnce, out.readableBytes())));
        }
    }

    /** Holds back what is sent from now on. */
    void hold() {
        held = Unpooled.buffer();
    }

    /** Returns what was held back, for the script to send. */
    byte[] held() {
        var bytes = ByteBufUtil.getBytes(held);
        held = null;
        return bytes;
    }

    static byte[] encoded(HandshakeMessage message) {
        var out = Unpooled.buffer();
        message.encode(out);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] sealed(RecordProtection protection, ContentType type, byte[] content) {
        var out = Unpooled.buffer();
        protection.seal(type, Unpooled.wrappedBuffer(content), out);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] joined(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
