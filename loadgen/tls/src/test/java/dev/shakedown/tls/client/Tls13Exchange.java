package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ScriptedServer13.Keys;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client and one scripted TLS 1.3 server, and their handshake. */
final class Tls13Exchange extends ScriptedExchange<Step, ScriptedServer13> {
    static final long NOW = 99_000_000_000L;
    static final byte[] OLD_TICKET = Tls12Exchange.filled(100, 0x71);
    static final byte[] EARLY_DATA = Tls12Exchange.filled(200, 'e');

    /** What the two sides negotiate, and which session the client offers. */
    enum Kind {
        FULL(CipherSuite.TLS_AES_128_GCM_SHA256),
        /** Verifies everything, with a new key share on P-256. */
        VERIFIED(CipherSuite.TLS_CHACHA20_POLY1305_SHA256),
        /** The server requests a certificate, and the client has one. */
        ASKED(CipherSuite.TLS_AES_256_GCM_SHA384),
        /** The server requests a share on P-256, a cookie, and both. */
        RETRIED(CipherSuite.TLS_AES_256_GCM_SHA384),
        RETRIED_COOKIE(CipherSuite.TLS_AES_128_GCM_SHA256),
        RESUMED_RETRIED(CipherSuite.TLS_AES_128_GCM_SHA256),
        RESUMED(CipherSuite.TLS_AES_128_GCM_SHA256),
        RESUMED_KEY_ALONE(CipherSuite.TLS_AES_256_GCM_SHA384),
        /** The server declines the session. */
        DECLINED(CipherSuite.TLS_AES_128_GCM_SHA256),
        /** Early data that the server accepts, rejects with the session, and rejects with a HelloRetryRequest. */
        EARLY(CipherSuite.TLS_AES_128_GCM_SHA256),
        EARLY_REJECTED(CipherSuite.TLS_CHACHA20_POLY1305_SHA256),
        EARLY_RETRIED(CipherSuite.TLS_AES_128_GCM_SHA256),
        /** TLS 1.2 is offered as well. */
        MIXED(CipherSuite.TLS_AES_128_GCM_SHA256);

        final CipherSuite suite;

        Kind(CipherSuite suite) {
            this.suite = suite;
        }

        boolean announces() {
            return name().startsWith("EARLY");
        }

        boolean offersSession() {
            return resumes() || this == DECLINED;
        }

        boolean resumes() {
            return name().startsWith("RESUMED") || announces();
        }

        boolean retries() {
            return name().contains("RETRIED");
        }

        boolean asksForGroup() {
            return retries() && this != RETRIED_COOKIE;
        }

        boolean asksForCookie() {
            return this == RETRIED_COOKIE || this == RESUMED_RETRIED;
        }

        boolean asksForCertificate() {
            return this == ASKED;
        }

        ClientSettings settings() {
            var suites = new ArrayList<>(List.of(CipherSuite.TLS_AES_128_GCM_SHA256,
                    CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256));
            var versions = List.of(ProtocolVersion.TLS_1_3);
            if (this == MIXED) {
                suites.addAll(List.of(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                        CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256));
                versions = List.of(ProtocolVersion.TLS_1_3, ProtocolVersion.TLS_1_2);
            }
            return new ClientSettings(versions, suites,
                    this == VERIFIED
                            ? List.of(NamedGroup.SECP256R1, NamedGroup.X25519)
                            : List.of(NamedGroup.X25519, NamedGroup.SECP256R1),
                    "localhost", List.of("h2", "http/1.1"), true,
                    this == RESUMED_KEY_ALONE ? PskMode.KE : PskMode.DHE_KE,
                    this == VERIFIED ? KeyShareMode.FRESH : KeyShareMode.BASE_POINT, PremasterMode.REUSED,
                    this == VERIFIED ? VerifyMode.ALWAYS : VerifyMode.NONE, TestIdentity.trust(),
                    this == ASKED ? TestIdentity.RSA.client() : null);
        }

        Session session() {
            return offersSession() ? session(suite) : null;
        }

        static Session.Tls13 session(CipherSuite suite) {
            return new Session.Tls13(OLD_TICKET, Optional.of("h2"), suite, oldKey(suite), 0x7fff_ff00,
                    NOW - 12_345_678_901L,
                    NOW + 1000,
                    EARLY_DATA.length);
        }

        private static PreSharedKey oldKey(CipherSuite suite) {
            return new PreSharedKey(suite.prfHash(), Tls12Exchange.filled(suite.prfHash().length(), 0x55));
        }

        /** Returns the server's messages in order, and the time after the last. */
        List<Step> steps() {
            return Arrays.stream(Step.values()).filter(step -> switch (step) {
                case HELLO_RETRY_REQUEST -> retries();
                case SERVER_HELLO, ENCRYPTED_EXTENSIONS, FINISHED, NEW_SESSION_TICKET, AFTERWARDS -> true;
                case CHANGE_CIPHER_SPEC -> !retries();
                case CERTIFICATE_REQUEST -> asksForCertificate();
                case CERTIFICATE, CERTIFICATE_VERIFY -> !resumes();
            }).toList();
        }

        /** Returns the stage of a client that awaits this step. */
        Stage stage(Step step) {
            return switch (step) {
                case HELLO_RETRY_REQUEST -> Stage.SERVER_HELLO;
                case SERVER_HELLO -> retries() ? Stage.HELLO_RETRY : Stage.SERVER_HELLO;
                case CHANGE_CIPHER_SPEC, ENCRYPTED_EXTENSIONS -> Stage.ENCRYPTED_EXTENSIONS;
                case CERTIFICATE_REQUEST, CERTIFICATE, CERTIFICATE_VERIFY -> Stage.CERTIFICATE;
                case FINISHED -> Stage.SERVER_FINISHED;
                case NEW_SESSION_TICKET, AFTERWARDS -> Stage.POST_FINISHED;
            };
        }

        /** Returns the keys that protect the alert of a client that fails at this stage. */
        Keys keys(Stage stage) {
            return switch (stage) {
                case SERVER_HELLO -> announces() ? Keys.EARLY : Keys.NONE;
                case HELLO_RETRY -> Keys.NONE;
                // Early data may continue until the server has answered it and, if it is accepted, until it has ended.
                case ENCRYPTED_EXTENSIONS -> announces() && !retries() ? Keys.EARLY : Keys.HANDSHAKE;
                case CERTIFICATE_REQUEST, CERTIFICATE, SERVER_FINISHED -> this == EARLY ? Keys.EARLY : Keys.HANDSHAKE;
                default -> Keys.APPLICATION;
            };
        }

        /** Returns what the client sends in a whole handshake. */
        List<String> said() {
            var said = new ArrayList<>(List.of("ClientHello"));
            if (retries()) {
                said.add("ClientHello");
            }
            if (this == EARLY) {
                said.add("EndOfEarlyData");
            }
            if (asksForCertificate()) {
                said.addAll(List.of("Certificate", "CertificateVerify"));
            }
            said.add("Finished");
            return said;
        }
    }

    final Kind kind;
    final ClientMemory memory;
    final List<Session> gained = new ArrayList<>();

    Tls13Exchange(Kind kind) {
        this(kind, kind.settings(), kind.session());
    }

    Tls13Exchange(Kind kind, ClientSettings settings, Session session) {
        this(kind, new ClientMemory(settings, SessionMemory.UNLIMITED), session,
                session instanceof Session.Tls13 tls13
                        ? Map.of(HexFormat.of().formatHex(tls13.ticket()), tls13.key())
                        : Map.of());
    }

    private Tls13Exchange(Kind kind, ClientMemory memory, Session session, Map<String, PreSharedKey> tickets) {
        super(memory, session, NOW,
                toClient -> new ScriptedServer13(kind, memory.settings(), session, tickets, toClient));
        this.kind = kind;
        this.memory = memory;
    }

    /** Returns another exchange of the same client and server, with the last session of this one. */
    Tls13Exchange next(Kind other) {
        return new Tls13Exchange(other, memory, gained.getLast(), server.tickets());
    }

    @Override
    public void gained(Session session) {
        gained.add(session);
    }

    Tls13Exchange exchange(Script<Step, ScriptedServer13> script) {
        if (kind.announces()) {
            client.start(NOW, EARLY_DATA);
        } else {
            client.start(NOW);
        }
        goThrough(kind.steps(), script);
        return this;
    }

    @Override
    void assertEndedByClient(Stage stage, AlertDescription alert) {
        super.assertEndedByClient(stage, alert);
        assertEquals(kind.keys(stage), server.keys());
    }

    /** Checks that both sides completed the handshake correctly. */
    Tls13Exchange assertDone() {
        Ended.assertDone(kind.resumes(), client.state());
        assertEquals(kind.resumes(), client.resumed());
        assertTrue(client.answered());
        assertEquals(ProtocolVersion.TLS_1_3, client.version());
        assertEquals(server.suite, client.suite());
        assertEquals(kind.said(), server.received().subList(0, kind.said().size()));
        assertEquals(Keys.APPLICATION, server.keys());
        assertEquals(List.of(), server.alerts());
        assertEquals(!kind.announces()
                ? EarlyData.NOT_OFFERED
                : kind == Kind.EARLY ? EarlyData.ACCEPTED : EarlyData.REJECTED, client.earlyData());
        assertArrayEquals(kind.announces() ? EARLY_DATA : new byte[0], server.earlyData());
        return this;
    }

    /** Checks that application data passes both ways under the current keys. */
    void assertUsable() {
        var before = server.data().length;
        client.send(new byte[]{'h', 'i'});
        assertEquals(before + 2, server.data().length);
        server.record(ContentType.APPLICATION_DATA, 'y', 'o');
        Ended.assertDone(kind.resumes(), client.state());
        assertTrue(progress.contains(Progress.FIRST_BYTE));
    }
}
