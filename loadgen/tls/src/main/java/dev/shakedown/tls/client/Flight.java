package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The client's output: messages are collected into a flight, which is sent as a whole. Written messages enter the
 * transcript only here.
 */
final class Flight {
    private static final RecordProtection UNPROTECTED = new RecordProtection.None(ProtocolVersion.TLS_1_2.id());

    private final ClientMemory memory;
    private final Transcript transcript;
    private final Output output;
    /** {@code null} if there is none. */
    private final @Nullable HandshakeObserver observer;
    private boolean changed;
    private RecordProtection protection;

    Flight(ClientMemory memory, Transcript transcript, Output output, @Nullable HandshakeObserver observer) {
        this.observer = observer;
        this.memory = memory;
        this.transcript = transcript;
        this.output = output;
        // RFC 5246, E.1: the record of a ClientHello has the lowest version, which old servers accept, too.
        this.protection = new RecordProtection.None(memory.settings().offers(ProtocolVersion.SSL_3_0)
                ? ProtocolVersion.SSL_3_0.id()
                : ProtocolVersion.TLS_1_0.id());
    }

    /** Empties the buffers: data that an error left in them must not be sent in this handshake. */
    void begin() {
        memory.flight().clear();
        memory.messages().clear();
    }

    /** Ends the output: nothing can be sent any more. */
    void end() {
        protection.end();
    }

    /** Adds a message to the flight and to the transcript. */
    void write(HandshakeMessage message) {
        transcript.add(encoded(message));
    }

    /** Adds a ClientHello that ends with the binder of the session that it offers (RFC 8446, 4.2.11.2). */
    void writeBound(ClientHello hello, EarlySecret early) {
        var encoded = encoded(hello);
        var length = early.hash().length();
        var truncated = encoded.slice(0, encoded.readableBytes() - Extension.bindersLength(length));
        var binder = early.resumptionBinder(memory.primitives(), transcript.hashWith(early.hash(), truncated));
        encoded.setBytes(encoded.writerIndex() - length, binder);
        transcript.add(encoded);
    }

    /** Adds a post-handshake message, which is not part of the transcript. */
    void writePostHandshake(HandshakeMessage message) {
        encoded(message);
    }

    /** Encodes a message into the current record: consecutive messages under the same keys share records. */
    private ByteBuf encoded(HandshakeMessage message) {
        var messages = memory.messages();
        var start = messages.writerIndex();
        message.encode(messages);
        return messages.slice(start, messages.writerIndex() - start);
    }

    /** Adds a warning alert between the messages. */
    void writeWarning(AlertDescription description) {
        sealMessages();
        sealAlert(Alert.WARNING, description);
    }

    /** Adds application data. */
    void write(byte[] applicationData) {
        sealMessages();
        seal(protection, ContentType.APPLICATION_DATA, Unpooled.wrappedBuffer(applicationData));
    }

    /** Adds a ChangeCipherSpec, up to TLS 1.2; what follows is protected under the new keys. */
    void changeKeys(RecordProtection newProtection) {
        sealMessages();
        seal(protection, ContentType.CHANGE_CIPHER_SPEC, change());
        protection = newProtection;
    }

    /**
     * Adds, in TLS 1.3, the ChangeCipherSpec that only makes the connection look like an older version's, unless one
     * was sent before (RFC 8446, D.4).
     */
    void changeCipherSpec() {
        if (!changed) {
            changed = true;
            sealMessages();
            seal(UNPROTECTED, ContentType.CHANGE_CIPHER_SPEC, change());
        }
    }

    private static ByteBuf change() {
        return Unpooled.wrappedBuffer(new byte[]{Message.ChangeCipherSpec.CONTENT});
    }

    /** Sets the protection of what follows. */
    void protect(RecordProtection newProtection) {
        sealMessages();
        protection = newProtection;
    }

    /** Sends what follows unprotected, in records of this version. */
    void unprotect(ProtocolVersion version) {
        if (version != ProtocolVersion.TLS_1_2) {
            protect(new RecordProtection.None(version.id()));
        }
    }

    /** Sends what follows unprotected. */
    void unprotect() {
        protect(UNPROTECTED);
    }

    private void sealMessages() {
        seal(protection, ContentType.HANDSHAKE, memory.messages());
        memory.messages().clear();
    }

    private void seal(RecordProtection under, ContentType type, ByteBuf content) {
        while (content.isReadable()) {
            var part = content.readSlice(Math.min(content.readableBytes(), RecordReader.MAX_CONTENT));
            if (observer == null) {
                under.seal(type, part, memory.flight());
            } else {
                sealObserved(observer, under, type, part);
            }
        }
    }

    private void sealObserved(HandshakeObserver observer, RecordProtection under, ContentType type, ByteBuf part) {
        var content = ByteBufUtil.getBytes(part);
        var flight = memory.flight();
        var start = flight.writerIndex();
        under.seal(type, part, flight);
        var recordLength = observer.wantsAll() ? flight.writerIndex() - start : RecordReader.HEADER;
        observer.record(true, ByteBufUtil.getBytes(flight, start, recordLength), type, content,
                !(under instanceof RecordProtection.None));
    }

    /** Whether the observer wants secrets that the handshake itself does not need. */
    boolean isWatched() {
        return observer != null && observer.wantsAll();
    }

    /** Passes a secret to the observer, under its name in NSS key logs. */
    void disclose(String label, byte[] secret) {
        if (observer != null) {
            observer.secret(label, secret.clone());
        }
    }

    /** Hands over the flight and begins a new one. */
    void send(@Nullable Progress reached) {
        sealMessages();
        var flight = memory.flight();
        output.send(flight, reached);
        flight.clear();
        if (reached == Progress.HELLO_SENT && protection instanceof RecordProtection.None) {
            unprotect();
        }
    }

    /**
     * Sends an alert at once, and drops the flight that the fault interrupted.
     *
     * @param tls13 whether TLS 1.3 is in use, where an encrypted alert starts the client's second flight like any other
     *              message
     */
    void alert(int level, AlertDescription description, boolean tls13) {
        begin();
        if (tls13 && !(protection instanceof RecordProtection.None)) {
            changeCipherSpec();
        }
        sealAlert(level, description);
        send(null);
    }

    private void sealAlert(int level, AlertDescription description) {
        var content = Unpooled.buffer(Alert.LENGTH);
        new Alert(level, description.id()).encode(content);
        seal(protection, ContentType.ALERT, content);
    }
}
