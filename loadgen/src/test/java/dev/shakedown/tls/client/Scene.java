package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Arrays;
import java.util.List;

/** One client and one scripted server, joined in memory, and the play they perform. */
final class Scene extends Play<Step, ScriptedServer> {
    static final MasterSecret OLD_MASTER = new MasterSecret(new byte[48]);
    private static final long NOW = 5;
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
                    ? new Session.Tls12(OLD_ID, this == BY_TICKET ? OLD_TICKET : null,
                            ProtocolVersion.TLS_1_2, suite, OLD_MASTER,
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
    Session.Tls12 gained;

    Scene(Kind kind) {
        this(kind, new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), kind.session());
    }

    Scene(Kind kind, ClientMemory memory, Session session) {
        super(memory, session, NOW, toClient -> new ScriptedServer(kind, toClient));
        this.kind = kind;
        this.memory = memory;
    }

    @Override
    public void gained(Session session) {
        gained = (Session.Tls12) session;
    }

    /** Goes through all steps, or up to where the client fails. */
    Scene play(Script<Step, ScriptedServer> script) {
        client.start(NOW);
        goThrough(kind.steps(), script);
        return this;
    }

    static byte[] filled(int length, int value) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
