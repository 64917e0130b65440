package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.Details;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Arrays;
import java.util.List;

/** One client and one scripted server, joined in memory, and their handshake. */
final class Tls12Exchange extends ScriptedExchange<Step, ScriptedServer> {
    static final MasterSecret OLD_MASTER = new MasterSecret(new byte[48]);
    private static final long NOW = 5;
    static final byte[] OLD_ID = filled(32, 0x1d);
    static final byte[] OLD_TICKET = filled(100, 0x71);

    /** What the two sides negotiate, and which session the client offers. */
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
        /** Resumption by session ID, without and with a promised ticket. */
        BY_ID(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        BY_ID_FOR_TICKET(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        BY_TICKET(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
        /** Resumption of a session without extended_master_secret. */
        BY_OLD_ID(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        DHE(CipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256),
        /** With compression. */
        DEFLATED(CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA256),
        TLS11(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, ProtocolVersion.TLS_1_1),
        TLS11_NULL(CipherSuite.TLS_RSA_WITH_NULL_SHA, ProtocolVersion.TLS_1_1),
        TLS11_DHE_VERIFIED(CipherSuite.TLS_DHE_RSA_WITH_AES_256_CBC_SHA, ProtocolVersion.TLS_1_1),
        TLS11_BY_ID(CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA, ProtocolVersion.TLS_1_1),
        TLS10(CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, ProtocolVersion.TLS_1_0),
        TLS10_RC4(CipherSuite.TLS_RSA_WITH_RC4_128_SHA, ProtocolVersion.TLS_1_0),
        TLS10_VERIFIED(CipherSuite.TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA, ProtocolVersion.TLS_1_0),
        TLS10_BY_TICKET(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, ProtocolVersion.TLS_1_0),
        SSL3(CipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, ProtocolVersion.SSL_3_0),
        SSL3_RC4(CipherSuite.TLS_RSA_WITH_RC4_128_MD5, ProtocolVersion.SSL_3_0),
        SSL3_DHE_VERIFIED(CipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA, ProtocolVersion.SSL_3_0),
        SSL3_BY_ID(CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, ProtocolVersion.SSL_3_0);

        final CipherSuite suite;
        final ProtocolVersion version;

        Kind(CipherSuite suite) {
            this(suite, ProtocolVersion.TLS_1_2);
        }

        Kind(CipherSuite suite, ProtocolVersion version) {
            this.suite = suite;
            this.version = version;
        }

        boolean isSsl3() {
            return version == ProtocolVersion.SSL_3_0;
        }

        boolean verifies() {
            return name().contains("VERIFIED");
        }

        boolean resumes() {
            return name().contains("BY_");
        }

        boolean tickets() {
            return this != PLAIN && !name().endsWith("BY_ID") && !isSsl3();
        }

        boolean extendsMaster() {
            return this != BY_OLD_ID && !isSsl3();
        }

        ClientSettings settings() {
            var suites = this == PLAIN ? List.of(suite) : List.of(suite, CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA);
            return new ClientSettings(List.of(version), suites,
                    List.of(NamedGroup.X25519, NamedGroup.SECP256R1), "localhost",
                    List.of("h2", "http/1.1"), tickets(), PskMode.DHE_KE,
                    verifies() ? KeyShareMode.FRESH : KeyShareMode.BASE_POINT, PremasterMode.REUSED,
                    verifies() ? VerifyMode.ALWAYS : VerifyMode.NONE, TestIdentity.trust(), null,
                    this == DEFLATED
                            ? new Details(Details.USUAL.signatureSchemes(), Details.USUAL.renegotiation(),
                                    List.of(Compression.DEFLATE, Compression.NULL))
                            : Details.USUAL);
        }

        Session session() {
            return resumes()
                    ? new Session.Tls12(OLD_ID, name().endsWith("BY_TICKET") ? OLD_TICKET : null, version,
                            suite, OLD_MASTER, extendsMaster(),
                            1000)
                    : null;
        }

        /** Returns the server's messages in order, and the time after the last. */
        List<Step> steps() {
            return steps(resumes());
        }

        List<Step> steps(boolean resumed) {
            return Arrays.stream(Step.values()).filter(step -> switch (step) {
                case SERVER_HELLO, CHANGE_CIPHER_SPEC, FINISHED, AFTERWARDS -> true;
                case CERTIFICATE, SERVER_HELLO_DONE -> !resumed;
                case SERVER_KEY_EXCHANGE -> !resumed && suite.keyExchange() != CipherSuite.KeyExchange.RSA;
                case NEW_SESSION_TICKET -> tickets();
            }).toList();
        }

        /** Returns the stage of a client that awaits this step. */
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

    Tls12Exchange(Kind kind) {
        this(kind, new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), kind.session());
    }

    Tls12Exchange(Kind kind, ClientMemory memory, Session session) {
        super(memory, session, NOW, toClient -> new ScriptedServer(kind, toClient));
        this.kind = kind;
        this.memory = memory;
    }

    @Override
    public void gained(Session session) {
        gained = (Session.Tls12) session;
    }

    @Override
    void assertEndedByClient(Stage stage, AlertDescription alert) {
        super.assertEndedByClient(stage, kind.isSsl3() && stage != Stage.SERVER_HELLO ? alert.inSsl3() : alert);
    }

    /** Goes through all steps, or until the client fails. */
    Tls12Exchange exchange(Script<Step, ScriptedServer> script) {
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
