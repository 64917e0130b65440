package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.honest;
import static dev.shakedown.tls.client.Script.instead;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Tls13Message;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets of TLS 1.3, what is made of them, and sessions of both versions with servers of both. */
class Odd13SessionTest {
    private static final long SECOND = 1_000_000_000;
    private static final long WEEK = 604_800;

    // What a ticket gives

    @ParameterizedTest
    @EnumSource
    void aTicketGivesASession(Kind kind) {
        var scene = new Tls13Exchange(kind).play(honest()).assertDone();
        assertEquals(Optional.of("h2"), scene.client.protocol());
        assertEquals(kind.asksForCertificate() ? CertificateUse.SHOWN : CertificateUse.NOT_ASKED,
                scene.client.certificateUse());
        var session = gained(scene);
        assertArrayEquals(new byte[]{5, 6, 7, 0}, session.ticket());
        assertEquals(scene.server.suite, session.suite());
        assertEquals(kind.suite.prfHash(), session.key().hash());
        assertArrayEquals(scene.server.tickets().get("05060700").bytes(), session.key().bytes());
        assertEquals(0xfedc_ba98, session.ageAdd());
        assertEquals(Tls13Exchange.NOW, session.receivedNanos());
        assertEquals(Tls13Exchange.NOW + 7200 * SECOND, session.expiresNanos());
        assertEquals(0, session.maxEarlyData());
    }

    /** RFC 8446, 4.6.1: 0 is to be discarded at once, and a week is the most. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "604800, 604800", "604801, 604800", "4294967295, 604800"})
    void aTicketLivesForAWeekAtMost(long lifetime, long kept) {
        var scene = new Tls13Exchange(Kind.FULL).play(instead(Step.NEW_SESSION_TICKET,
                server -> server.send(server.ticket(lifetime, List.of())))).assertDone();
        assertEquals(Progress.TICKET, scene.progress.getLast());
        assertEquals(kept == 0 ? List.of(UnusableTicket.NO_LIFETIME) : List.of(), scene.unusable);
        if (kept == 0) {
            assertEquals(List.of(), scene.gained);
        } else {
            assertEquals(Tls13Exchange.NOW + Math.min(kept, WEEK) * SECOND, gained(scene).expiresNanos());
        }
        scene.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({"00000000, 0", "00000400, 1024", "ffffffff, 4294967295"})
    void aTicketSaysHowMuchEarlyDataItAllows(String hex, long most) {
        var scene = new Tls13Exchange(Kind.FULL).play(instead(Step.NEW_SESSION_TICKET,
                server -> server.send(server.ticket(7200, List.of(new Extension(0x1234, new byte[5]),
                        new Extension(Extension.EARLY_DATA, ByteBufUtil.decodeHexDump(hex)))))))
                .assertDone();
        assertEquals(most, gained(scene).maxEarlyData());
    }

    @Test
    void everyTicketOfAConnectionHasAKeyOfItsOwn() {
        var scene = new Tls13Exchange(Kind.FULL).play(before(Step.AFTERWARDS, server -> {
            server.send(server.ticket());
            server.send(server.ticket(), ScriptedPeer.encoded(server.ticket()));
            server.inParts(ScriptedPeer.encoded(server.ticket()), 1);
        })).assertDone();
        assertEquals(5, scene.gained.size());
        assertEquals(5, scene.gained.stream().map(session -> ByteBufUtil.hexDump(((Session.Tls13) session).key()
                .bytes())).distinct().count());
        for (var session : List.copyOf(scene.gained)) {
            scene.gained.add(session);
            scene.next(Kind.RESUMED).play(honest()).assertDone();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    void anyNonceWillDo(int nonce) {
        var scene = new Tls13Exchange(Kind.FULL).play(instead(Step.NEW_SESSION_TICKET,
                server -> server
                        .send(new Tls13Message.NewSessionTicket(1, 2, new byte[nonce], new byte[1], List.of()))))
                .assertDone();
        assertEquals(1, scene.gained.size());
    }

    /** All extensions of a ClientHello share one length of 16 bits. */
    @ParameterizedTest
    @CsvSource({"50000, 1", "65000, 0", "65535, 0"})
    void aTicketThatFitsNoClientHelloIsNotKept(int length, int gained) {
        var scene = new Tls13Exchange(Kind.FULL).play(instead(Step.NEW_SESSION_TICKET, server -> server
                .sendInParts(new Tls13Message.NewSessionTicket(1, 2, new byte[1], new byte[length], List.of()),
                        16_384)))
                .assertDone();
        assertEquals(gained, scene.gained.size());
        assertEquals(gained == 0 ? List.of(UnusableTicket.TOO_LARGE) : List.of(), scene.unusable);
        scene.assertUsable();
        if (gained == 1) {
            new Tls13Exchange(Kind.RETRIED_COOKIE, Kind.RETRIED_COOKIE.settings(), gained(scene)).play(honest())
                    .assertDone();
        }
    }

    @Test
    void withoutTicketsNoneIsKept() {
        var scene = new Tls13Exchange(Kind.FULL, ChangedSettings.withoutTickets(Kind.FULL.settings()), null)
                .play(honest()).assertDone();
        assertEquals(List.of(), scene.gained);
        assertEquals(Progress.TICKET, scene.progress.getLast());
    }

    // What is made of it

    @ParameterizedTest
    @CsvSource({"TLS_AES_128_GCM_SHA256, DHE_KE", "TLS_AES_256_GCM_SHA384, DHE_KE",
        "TLS_CHACHA20_POLY1305_SHA256, DHE_KE", "TLS_AES_128_GCM_SHA256, KE", "TLS_AES_256_GCM_SHA384, KE",
        "TLS_CHACHA20_POLY1305_SHA256, KE"})
    void oneSessionLeadsToTheNext(CipherSuite suite, PskMode mode) {
        var scene = new Tls13Exchange(Kind.FULL, ChangedSettings.with(Kind.FULL.settings(), mode), null);
        scene.server.suite = suite;
        scene.play(honest()).assertDone();
        for (var i = 0; i < 3; i++) {
            scene = scene.next(Kind.RESUMED);
            scene.server.suite = suite;
            scene.play(honest()).assertDone();
            assertEquals(mode == PskMode.KE ? null : scene.memory.settings().groups().getFirst(),
                    scene.client.group());
            scene.assertUsable();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatTheServerDeclinesBecomesAFullHandshake(PskMode mode) {
        var scene = new Tls13Exchange(Kind.DECLINED, ChangedSettings.with(Kind.DECLINED.settings(), mode),
                Kind.DECLINED.session()).play(honest()).assertDone();
        assertEquals(scene.memory.settings().groups().getFirst(), scene.client.group());
    }

    /** The server may decline what it asked to be offered again. */
    @Test
    void aSessionIsDeclinedBehindAHelloRetryRequest() {
        new Tls13Exchange(Kind.RETRIED, Kind.RETRIED.settings(), Tls13Exchange.Kind.session(Kind.RETRIED.suite))
                .play(honest())
                .assertDone().assertUsable();
    }

    /** RFC 8446, 4.1.4: under another hash, the session is not offered again. */
    @ParameterizedTest
    @CsvSource({"RETRIED, TLS_AES_128_GCM_SHA256", "RETRIED_COOKIE, TLS_AES_256_GCM_SHA384"})
    void aSessionOfAnotherHashIsDroppedBehindAHelloRetryRequest(Kind kind, CipherSuite suite) {
        var scene = new Tls13Exchange(kind, kind.settings(), Tls13Exchange.Kind.session(suite)).play(honest())
                .assertDone();
        assertEquals(0, scene.server.clientHello().extensions().stream()
                .filter(extension -> extension.type() == Extension.PRE_SHARED_KEY).count());
        scene.assertUsable();
    }

    /** The ticket and the cookie would not both fit. */
    @Test
    void aSessionIsDroppedWhereTheCookieLeavesItNoRoom() {
        var session = Tls13Exchange.Kind.session(Kind.RETRIED_COOKIE.suite);
        var large = new Session.Tls13(new byte[50_000], session.protocol(), session.suite(), session.key(), 1,
                Tls13Exchange.NOW,
                session.expiresNanos(), 0);
        var scene = new Tls13Exchange(Kind.RETRIED_COOKIE, Kind.RETRIED_COOKIE.settings(), large);
        scene.server.dropsSession = true;
        scene.play(instead(Step.HELLO_RETRY_REQUEST, server -> {
            server.retryCookie = new Extension(Extension.COOKIE, Arrays.copyOf(new byte[]{0x3f, (byte) 0xf0}, 0x3ff2));
            server.retry(server.retryRequest(), 16_384);
        })).assertDone();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"RESUMED_RETRIED", "EARLY_RETRIED"})
    void aSessionIsTakenUpByItsKeyAloneBehindAHelloRetryRequest(Kind kind) {
        new Tls13Exchange(kind, ChangedSettings.with(kind.settings(), PskMode.KE), kind.session()).play(honest())
                .assertDone().assertUsable();
    }

    // Early data

    @ParameterizedTest
    @CsvSource({"EARLY, DHE_KE", "EARLY, KE", "EARLY_REJECTED, KE"})
    void earlyDataGoesWithEitherMode(Kind kind, PskMode mode) {
        new Tls13Exchange(kind, ChangedSettings.with(kind.settings(), mode), kind.session()).play(honest()).assertDone()
                .assertUsable();
    }

    @Test
    void earlyDataGoesOverManyRecords() {
        var session = Tls13Exchange.Kind.session(Kind.EARLY.suite);
        var scene = new Tls13Exchange(Kind.EARLY, Kind.EARLY.settings(), new Session.Tls13(session.ticket(),
                session.protocol(), session.suite(), session.key(), session.ageAdd(), session.receivedNanos(),
                session.expiresNanos(),
                100_000));
        scene.client.start(Tls13Exchange.NOW, new byte[100_000]);
        scene.goThrough(Kind.EARLY.steps(), honest());
        Ended.assertDone(true, scene.client.state());
        assertEquals(EarlyData.ACCEPTED, scene.client.earlyData());
        assertEquals(100_000, scene.server.earlyData().length);
    }

    @Test
    void earlyDataIsRejectedWithItsSession() {
        var scene = new Tls13Exchange(Kind.EARLY_REJECTED);
        scene.server.takesSession = false;
        scene.client.start(Tls13Exchange.NOW, Tls13Exchange.EARLY_DATA);
        scene.goThrough(Kind.DECLINED.steps(), honest());
        Ended.assertDone(false, scene.client.state());
        assertEquals(EarlyData.REJECTED, scene.client.earlyData());
        scene.server.record(ContentType.APPLICATION_DATA, 'x');
        Ended.assertDone(false, scene.client.state());
    }

    // Both versions

    @Test
    void aServerOfTls12TakesTheOffer() {
        var memory = new ClientMemory(Kind.MIXED.settings(), SessionMemory.UNLIMITED);
        var full = new Tls12Exchange(Tls12Exchange.Kind.ECDHE_RSA, memory, null).play(honest());
        Ended.assertDone(false, full.client.state());
        assertEquals(ProtocolVersion.TLS_1_2, full.client.version());
        assertEquals(32, full.server.clientHello().sessionId().length);
        for (var kind : List.of(Tls12Exchange.Kind.BY_TICKET, Tls12Exchange.Kind.BY_ID_FOR_TICKET)) {
            var resumed = new Tls12Exchange(kind, memory, kind.session()).play(honest());
            Ended.assertDone(true, resumed.client.state());
            assertEquals(ProtocolVersion.TLS_1_2, resumed.client.version());
        }
    }

    @Test
    void aSessionOfTls13IsNoneForAServerOfTls12() {
        var scene = new Tls12Exchange(Tls12Exchange.Kind.ECDHE_RSA,
                new ClientMemory(Kind.MIXED.settings(), SessionMemory.UNLIMITED),
                Tls13Exchange.Kind.session(CipherSuite.TLS_AES_128_GCM_SHA256)).play(honest());
        Ended.assertDone(false, scene.client.state());
        assertEquals(Extension.PRE_SHARED_KEY, scene.server.clientHello().extensions().getLast().type());
    }

    @ParameterizedTest
    @EnumSource(value = Tls12Exchange.Kind.class, names = {"BY_TICKET", "BY_ID"})
    void aSessionOfTls12IsNoneForAServerOfTls13(Tls12Exchange.Kind kind) {
        var scene = new Tls13Exchange(Kind.MIXED, Kind.MIXED.settings(), kind.session()).play(honest()).assertDone();
        assertInstanceOf(Session.Tls13.class, scene.gained.getLast());
        scene.next(Kind.RESUMED).play(honest()).assertDone().assertUsable();
    }

    /** The session ID that is made up for TLS 1.3 names no session that a server of TLS 1.2 could take up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEchoOfASessionIdThatMeansNothingIsRefused(boolean offersTicket) {
        var scene = new Tls12Exchange(Tls12Exchange.Kind.ECDHE_RSA,
                new ClientMemory(Kind.MIXED.settings(), SessionMemory.UNLIMITED),
                offersTicket ? Tls13Exchange.Kind.session(CipherSuite.TLS_AES_128_GCM_SHA256) : null);
        scene.play(ScriptedServer.hello(h -> ServerHellos.sessionId(h, scene.server.clientHello().sessionId())));
        scene.assertEndedByClient(Stage.SERVER_HELLO, AlertDescription.ILLEGAL_PARAMETER);
        assertNull(scene.gained);
    }

    private static Session.Tls13 gained(Tls13Exchange scene) {
        return (Session.Tls13) scene.gained.getFirst();
    }
}
