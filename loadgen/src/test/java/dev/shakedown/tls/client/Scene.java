package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shakedown.tls.client.ClientHandshake.Progress;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One client and one scripted server, joined in memory, and the play they perform. */
final class Scene implements ClientHandshake.Output {
    static final MasterSecret OLD_MASTER = new MasterSecret(new byte[48]);
    static final byte[] OLD_ID = filled(32, 0x1d);
    static final byte[] OLD_TICKET = filled(100, 0x71);

    /** What the two agree on, and which session the client offers. */
    enum Kind {
        RSA(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        ECDHE_RSA(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
        ECDHE_ECDSA(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
        CHACHA(CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
        CBC(CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA256),
        /** Verifies everything, with a new key share on P-256. */
        VERIFIED(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
        VERIFIED_RSA(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        /** Asks for no tickets, and offers no CBC suite. */
        PLAIN(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
        /** A session by its ID, without and with a promise of a ticket. */
        BY_ID(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        BY_ID_FOR_TICKET(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        BY_TICKET(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
        /** A session made without extended_master_secret. */
        BY_OLD_ID(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256);

        final CipherSuite suite;

        Kind(CipherSuite suite) {
            this.suite = suite;
        }

        boolean verifies() {
            return this == VERIFIED || this == VERIFIED_RSA;
        }

        boolean resumes() {
            return name().startsWith("BY_");
        }

        boolean tickets() {
            return this != PLAIN && this != BY_ID;
        }

        ClientSettings settings() {
            var suites = this == PLAIN ? List.of(suite) : List.of(suite, CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA);
            return new ClientSettings(List.of(ProtocolVersion.TLS_1_2), suites,
                    List.of(NamedGroup.X25519, NamedGroup.SECP256R1), "localhost",
                    List.of("h2", "http/1.1"), tickets(), PskMode.DHE_KE,
                    this == VERIFIED ? KeyShareMode.FRESH : KeyShareMode.BASE_POINT, PremasterMode.REUSED,
                    verifies() ? VerifyMode.ALWAYS : VerifyMode.NONE, TestIdentity.trust(), null);
        }

        Session session() {
            return resumes()
                    ? new Session.Tls12(OLD_ID, this == BY_TICKET ? OLD_TICKET : null, suite, OLD_MASTER,
                            this != BY_OLD_ID,
                            1000)
                    : null;
        }

        /** The server's messages in their order, and the time behind the last. */
        List<Step> steps() {
            return Arrays.stream(Step.values()).filter(step -> switch (step) {
                case SERVER_HELLO, CHANGE_CIPHER_SPEC, FINISHED, AFTERWARDS -> true;
                case CERTIFICATE, SERVER_HELLO_DONE -> !resumes();
                case SERVER_KEY_EXCHANGE -> !resumes() && suite.keyExchange() == CipherSuite.KeyExchange.ECDHE;
                case NEW_SESSION_TICKET -> tickets();
            }).toList();
        }

        /** Where a client stands that awaits this step. */
        Stage stage(Step step) {
            return switch (step) {
                case SERVER_HELLO -> Stage.SERVER_HELLO;
                case CERTIFICATE -> Stage.CERTIFICATE;
                case SERVER_KEY_EXCHANGE -> Stage.SERVER_KEY_EXCHANGE;
                case SERVER_HELLO_DONE -> Stage.SERVER_HELLO_DONE;
                case NEW_SESSION_TICKET -> Stage.CHANGE_CIPHER_SPEC;
                case CHANGE_CIPHER_SPEC -> Stage.CHANGE_CIPHER_SPEC;
                case FINISHED -> Stage.SERVER_FINISHED;
                case AFTERWARDS -> Stage.POST_FINISHED;
            };
        }
    }

    final Kind kind;
    final ClientMemory memory;
    final ClientHandshake client;
    final ScriptedServer server;
    Session.Tls12 gained;
    final List<Progress> progress = new ArrayList<>();

    Scene(Kind kind) {
        this(kind, new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), kind.session());
    }

    Scene(Kind kind, ClientMemory memory, Session session) {
        this.kind = kind;
        this.memory = memory;
        client = new ClientHandshake(memory, session, this);
        server = new ScriptedServer(kind, bytes -> client.receive(bytes, 5));
    }

    @Override
    public void send(ByteBuf flight, Progress reached) {
        if (reached != null) {
            progress.add(reached);
        }
        server.take(flight);
    }

    @Override
    public void reached(Progress reached) {
        progress.add(reached);
    }

    @Override
    public void gained(Session session) {
        gained = (Session.Tls12) session;
    }

    /** Goes through all steps, or up to where the client fails. */
    Scene play(Script script) {
        client.start(5);
        for (var step : kind.steps()) {
            if (client.state() instanceof Failed) {
                break;
            }
            script.at(step, server);
        }
        return this;
    }

    HandshakeFailure failure() {
        return assertInstanceOf(Failed.class, client.state()).failure();
    }

    /** The client ended it here, and told the server so exactly once. */
    void assertEndedByClient(Stage stage, AlertDescription alert) {
        var failure = failure();
        assertEquals(stage + " sent " + alert.label(),
                failure.stage() + (failure.sent() ? " sent " : " received ") + failure.cause(), failure.meaning());
        assertEquals(List.of(new Alert(Alert.FATAL, alert.id())), server.alerts());
        assertDeaf();
    }

    /** The server or the network ended it here, and the client kept silent. */
    void assertEndedByServer(Stage stage, String cause) {
        var failure = failure();
        assertEquals(stage + " received " + cause,
                failure.stage() + (failure.sent() ? " sent " : " received ") + failure.cause(), failure.meaning());
        assertEquals(List.of(), server.alerts());
        assertDeaf();
    }

    /** Nothing that comes now changes anything. */
    private void assertDeaf() {
        var before = client.state();
        var sent = server.bytesTaken();
        client.receive(Unpooled.wrappedBuffer(new byte[]{22, 3, 3, 0, 4, 0, 0, 0, 0, 'x'}), 6);
        assertEquals(before, client.state());
        assertEquals(sent, server.bytesTaken());
    }

    private static byte[] filled(int length, int value) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
