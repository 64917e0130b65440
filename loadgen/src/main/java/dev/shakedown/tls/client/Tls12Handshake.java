package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientHandshake.Progress;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.ServerSignature;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * What a client does in TLS 1.2 from the ServerHello on: the verbs of the states, in wire order (RFC 5246, 7.3). It owns
 * the secrets of the handshake and is thrown away with it.
 */
final class Tls12Handshake {
    private final ClientHandshake connection;
    private final ClientMemory memory;
    private final Transcript transcript;
    private final Flight flight;
    private final ClientHello clientHello;
    private final ServerHello serverHello;
    private final Session offered;
    private final HelloOffer.Agreed agreed;

    private ServerIdentity server;
    private KeyShare share;
    private PremasterSecret agreedSecret;
    private MasterSecret master;
    private KeyBlock keys;
    private NewSessionTicket ticket;

    /** @param offered the session that the ClientHello offered, or {@code null} */
    Tls12Handshake(ClientHandshake connection, ClientMemory memory, Transcript transcript, Flight flight,
            ClientHello clientHello, ServerHello serverHello, Session offered, HelloOffer.Agreed agreed) {
        this.connection = connection;
        this.memory = memory;
        this.transcript = transcript;
        this.flight = flight;
        this.clientHello = clientHello;
        this.serverHello = serverHello;
        this.offered = offered;
        this.agreed = agreed;
    }

    HelloOffer.Agreed agreed() {
        return agreed;
    }

    /** The group of the key exchange; {@code null} where there was none. */
    NamedGroup group() {
        return share == null ? null : share.group();
    }

    /**
     * The session that this handshake gained, once it is done; {@code null} if the server gave none.
     *
     * @param nowNanos when the handshake was done
     */
    Session gained(long nowNanos) {
        // A ticket goes before the session ID, even where it is of no use (RFC 5077, 3.4).
        var newTicket = ticket != null && ticket.ticket().length > 0;
        var newId = !newTicket && !agreed.resumed() && serverHello.sessionId().length > 0;
        if (!newId && !(newTicket && memory.offer().canCarry(ticket.ticket()))) {
            return null;
        }
        // RFC 5246, F.1.4 advises a day at most; the server's hint goes first where it gives one.
        var lifetimeSeconds = newTicket && ticket.lifetimeSeconds() > 0 ? ticket.lifetimeSeconds() : 86_400;
        return new Session(serverHello.sessionId(), newTicket ? ticket.ticket() : null, agreed.suite(), master,
                agreed.extendedMasterSecret(), nowNanos + lifetimeSeconds * 1_000_000_000L);
    }

    void deriveResumedKeys() {
        master = offered.master();
        deriveKeys();
    }

    void meetServer(Certificate certificate) throws Fault {
        if (certificate.chain().isEmpty()) {
            throw new Fault(AlertDescription.DECODE_ERROR, "the server's Certificate is empty");
        }
        var settings = memory.settings();
        server = memory.server(certificate.chain());
        if (agreed.suite().keyExchange() == CipherSuite.KeyExchange.RSA) {
            server.requireRsaKey();
        }
        if (!server.mustVerify(settings.verify())) {
            return;
        }
        var suite = agreed.suite();
        server.verifyChain(settings.trust(), switch (suite.keyExchange()) {
            case RSA -> "RSA";
            case ECDHE -> suite.isEcdsa() ? "ECDHE_ECDSA" : "ECDHE_RSA";
        });
        if (suite.keyExchange() == CipherSuite.KeyExchange.RSA) {
            server.verified();
        }
    }

    void takeServerKey(ServerKeyExchange keyExchange) throws Fault {
        var settings = memory.settings();
        var group = NamedGroup.of(keyExchange.group());
        if (group == null || !settings.groups().contains(group)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose group "
                    + (group == null ? keyExchange.group() : group.label()) + ", which was not offered");
        }
        var scheme = SignatureScheme.of(keyExchange.scheme());
        if (scheme == null || !ClientSettings.SIGNATURE_SCHEMES.contains(scheme)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server signed with scheme 0x%04x, which was not"
                    .formatted(keyExchange.scheme()) + " offered");
        }
        if (scheme.isRsa() == agreed.suite().isEcdsa()) {
            // RFC 5246, 7.4.3
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server signed with " + scheme.label()
                    + ", which does not go with " + agreed.suite());
        }
        if (server.mustVerify(settings.verify())) {
            var params = Unpooled.buffer();
            keyExchange.signedParams(params);
            ServerSignature.verify(scheme, server.key(), keyExchange.signature(), clientHello.random(),
                    serverHello.random(), ByteBufUtil.getBytes(params));
            server.verified();
        }
        share = memory.keyShare(group);
        agreedSecret = share.agree(keyExchange.point());
    }

    void sendKeyExchange(boolean certificateRequested) throws Fault {
        connection.reached(Progress.SERVER_FLIGHT_DONE);
        if (certificateRequested) {
            // We have none, which a client says with an empty chain (RFC 5246, 7.4.6).
            flight.write(new Certificate(List.of()));
        }
        var premaster = writeKeyExchange();
        var suite = agreed.suite();
        master = agreed.extendedMasterSecret()
                ? MasterSecret.deriveExtended(memory.primitives(), suite.prfHash(), premaster, transcript.hash())
                : MasterSecret.derive(memory.primitives(), suite.prfHash(), premaster, clientHello.random(),
                        serverHello.random());
        deriveKeys();
        writeFinished();
        flight.send(Progress.KEY_EXCHANGE_SENT);
    }

    void keepTicket(NewSessionTicket newTicket) {
        ticket = newTicket;
    }

    void changeReadKeys() {
        connection.readUnder(protection(keys.server()));
    }

    void verifyServerFinished(Finished finished) throws Fault {
        if (finished.verifyData().length != FinishedMac.LENGTH) {
            throw new Fault(AlertDescription.DECODE_ERROR, "the server's Finished has " + finished.verifyData().length
                    + " bytes, where " + FinishedMac.LENGTH + " are due");
        }
        var suite = agreed.suite();
        if (!FinishedMac.SERVER.verify(memory.primitives(), suite.prfHash(), master, transcript.hashBeforeFinished(),
                finished.verifyData())) {
            throw new Fault(AlertDescription.DECRYPT_ERROR, "the server's Finished is wrong: it saw another handshake");
        }
    }

    void finish() {
        if (agreed.resumed()) {
            connection.reached(Progress.SERVER_FLIGHT_DONE);
            writeFinished();
            flight.send(Progress.FINISHED);
        } else {
            connection.reached(Progress.FINISHED);
        }
    }

    // What leaves

    private PremasterSecret writeKeyExchange() throws Fault {
        var kind = agreed.suite().keyExchange();
        if (kind == CipherSuite.KeyExchange.ECDHE) {
            flight.write(new ClientKeyExchange(kind, share.publicValue()));
            return agreedSecret;
        }
        var encrypted = server.premaster(memory.settings().premaster(), clientHello.version(), memory.secretRandom(),
                memory.primitives());
        flight.write(new ClientKeyExchange(kind, encrypted.bytes()));
        return encrypted.premaster();
    }

    private void deriveKeys() {
        keys = master.expand(memory.primitives(), agreed.suite(), clientHello.random(), serverHello.random());
    }

    private void writeFinished() {
        flight.changeKeys(protection(keys.client()));
        flight.write(new Finished(FinishedMac.CLIENT.make(memory.primitives(), agreed.suite().prfHash(), master,
                transcript.hash())));
    }

    private RecordProtection protection(KeyBlock.Keys direction) {
        return RecordProtection.of(memory.primitives(), agreed.suite(), direction, agreed.encryptThenMac(),
                serverHello.version());
    }
}
