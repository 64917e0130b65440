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
 * What one client sends: messages gather into a flight, which leaves as a whole. The one place where written messages
 * enter the transcript.
 */
final class Flight {
    private static final RecordProtection UNPROTECTED = new RecordProtection.None(ProtocolVersion.TLS_1_2.id());

    private final ClientMemory memory;
    private final Transcript transcript;
    private final Output output;
    /** {@code null} when nobody watches. */
    private final @Nullable HandshakeObserver observer;
    private boolean changed;
    private RecordProtection protection;

    Flight(ClientMemory memory, Transcript transcript, Output output, @Nullable HandshakeObserver observer) {
        this.observer = observer;
        this.memory = memory;
        this.transcript = transcript;
        this.output = output;
        // RFC 5246, E.1: the record of a ClientHello says the lowest version, which old servers take as well.
        this.protection = new RecordProtection.None(memory.settings().offers(ProtocolVersion.SSL_3_0)
                ? ProtocolVersion.SSL_3_0.id()
                : ProtocolVersion.TLS_1_0.id());
    }

    /** Begins empty: what an error cut short in another handshake must not leave with this one. */
    void begin() {
        memory.flight().clear();
        memory.messages().clear();
    }

    /** Nothing is sent any more. */
    void end() {
        protection.end();
    }

    /** Adds a message, to the transcript too. */
    void write(HandshakeMessage message) {
        transcript.add(encoded(message));
    }

    /** Adds a ClientHello whose last bytes are the binder of the session that it offers (RFC 8446, 4.2.11.2). */
    void writeBound(ClientHello hello, EarlySecret early) {
        var encoded = encoded(hello);
        var length = early.hash().length();
        var truncated = encoded.slice(0, encoded.readableBytes() - Extension.bindersLength(length));
        var binder = early.resumptionBinder(memory.primitives(), transcript.hashWith(early.hash(), truncated));
        encoded.setBytes(encoded.writerIndex() - length, binder);
        transcript.add(encoded);
    }

    /** Adds a message that comes after the handshake, and so is no part of it. */
    void writeAfterwards(HandshakeMessage message) {
        encoded(message);
    }

    /** Messages that follow one another under the same keys share records. */
    private ByteBuf encoded(HandshakeMessage message) {
        var messages = memory.messages();
        var start = messages.writerIndex();
        message.encode(messages);
        return messages.slice(start, messages.writerIndex() - start);
    }

    /** Adds an alert of level warning between the messages. */
    void writeWarning(AlertDescription description) {
        sealMessages();
        sealAlert(Alert.WARNING, description);
    }

    /** Adds application data. */
    void write(byte[] applicationData) {
        sealMessages();
        seal(protection, ContentType.APPLICATION_DATA, Unpooled.wrappedBuffer(applicationData));
    }

    /** Up to TLS 1.2: adds a ChangeCipherSpec; what follows is protected under the new keys. */
    void changeKeys(RecordProtection newProtection) {
        sealMessages();
        seal(protection, ContentType.CHANGE_CIPHER_SPEC, change());
        protection = newProtection;
    }

    /**
     * TLS 1.3: adds the ChangeCipherSpec that means nothing but makes the connection look like an older one, if there
     * has been none yet (RFC 8446, D.4).
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

    /** What follows is protected so. */
    void protect(RecordProtection newProtection) {
        sealMessages();
        protection = newProtection;
    }

    /** What follows is not protected, in records of this version. */
    void unprotect(ProtocolVersion version) {
        if (version != ProtocolVersion.TLS_1_2) {
            protect(new RecordProtection.None(version.id()));
        }
    }

    /** What follows is not protected. */
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
                sealWatched(observer, under, type, part);
            }
        }
    }

    private void sealWatched(HandshakeObserver watching, RecordProtection under, ContentType type, ByteBuf part) {
        var content = ByteBufUtil.getBytes(part);
        var flight = memory.flight();
        var start = flight.writerIndex();
        under.seal(type, part, flight);
        var shown = watching.wantsAll() ? flight.writerIndex() - start : RecordReader.HEADER;
        watching.record(true, ByteBufUtil.getBytes(flight, start, shown), type, content,
                !(under instanceof RecordProtection.None));
    }

    /** Whether secrets are wanted that are not needed. */
    boolean isWatched() {
        return observer != null && observer.wantsAll();
    }

    /** Tells who watches a secret, under its name in NSS key logs. */
    void disclose(String label, byte[] secret) {
        if (observer != null) {
            observer.secret(label, secret.clone());
        }
    }

    /** Hands the flight over and begins a new one. */
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
     * Sends an alert at once; what a fault interrupted must not leave with it.
     *
     * @param tls13 whether TLS 1.3 is in use, where an encrypted alert begins the client's second flight as any other
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
