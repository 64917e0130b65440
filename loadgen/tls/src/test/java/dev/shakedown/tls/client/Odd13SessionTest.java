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

/** TLS 1.3 tickets and their use, and sessions of both versions with servers of both. */
class Odd13SessionTest {
    private static final long SECOND = 1_000_000_000;
    private static final long WEEK = 604_800;

    // Receiving tickets

    @ParameterizedTest
    @EnumSource
    void aTicketGivesASession(Kind kind) {
        var exchange = new Tls13Exchange(kind).exchange(honest()).assertDone();
        assertEquals(Optional.of("h2"), exchange.client.protocol());
        assertEquals(kind.asksForCertificate() ? CertificateUse.SHOWN : CertificateUse.NOT_ASKED,
                exchange.client.certificateUse());
        var session = gained(exchange);
        assertArrayEquals(new byte[]{5, 6, 7, 0}, session.ticket());
        assertEquals(exchange.server.suite, session.suite());
        assertEquals(kind.suite.prfHash(), session.key().hash());
        assertArrayEquals(exchange.server.tickets().get("05060700").bytes(), session.key().bytes());
        assertEquals(0xfedc_ba98, session.ageAdd());
        assertEquals(Tls13Exchange.NOW, session.receivedNanos());
        assertEquals(Tls13Exchange.NOW + 7200 * SECOND, session.expiresNanos());
        assertEquals(0, session.maxEarlyData());
    }

    /** RFC 8446, 4.6.1: 0 means discard at once, and a week is the maximum. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "604800, 604800", "604801, 604800", "4294967295, 604800"})
    void aTicketLivesForAWeekAtMost(long lifetime, long kept) {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(instead(Step.NEW_SESSION_TICKET,
                server -> server.send(server.ticket(lifetime, List.of())))).assertDone();
        assertEquals(Progress.TICKET, exchange.progress.getLast());
        assertEquals(kept == 0 ? List.of(UnusableTicket.NO_LIFETIME) : List.of(), exchange.unusable);
        if (kept == 0) {
            assertEquals(List.of(), exchange.gained);
        } else {
            assertEquals(Tls13Exchange.NOW + Math.min(kept, WEEK) * SECOND, gained(exchange).expiresNanos());
        }
        exchange.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({"00000000, 0", "00000400, 1024", "ffffffff, 4294967295"})
    void aTicketSaysHowMuchEarlyDataItAllows(String hex, long most) {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(instead(Step.NEW_SESSION_TICKET,
                server -> server.send(server.ticket(7200, List.of(new Extension(0x1234, new byte[5]),
                        new Extension(Extension.EARLY_DATA, ByteBufUtil.decodeHexDump(hex)))))))
                .assertDone();
        assertEquals(most, gained(exchange).maxEarlyData());
    }

    @Test
    void everyTicketOfAConnectionHasAKeyOfItsOwn() {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(before(Step.AFTERWARDS, server -> {
            server.send(server.ticket());
            server.send(server.ticket(), ScriptedPeer.encoded(server.ticket()));
            server.inParts(ScriptedPeer.encoded(server.ticket()), 1);
        })).assertDone();
        assertEquals(5, exchange.gained.size());
        assertEquals(5, exchange.gained.stream().map(session -> ByteBufUtil.hexDump(((Session.Tls13) session).key()
                .bytes())).distinct().count());
        for (var session : List.copyOf(exchange.gained)) {
            exchange.gained.add(session);
            exchange.next(Kind.RESUMED).exchange(honest()).assertDone();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    void anyNonceWillDo(int nonce) {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(instead(Step.NEW_SESSION_TICKET,
                server -> server
                        .send(new Tls13Message.NewSessionTicket(1, 2, new byte[nonce], new byte[1], List.of()))))
                .assertDone();
        assertEquals(1, exchange.gained.size());
    }

    /** All extensions of a ClientHello share one length of 16 bits. */
    @ParameterizedTest
    @CsvSource({"50000, 1", "65000, 0", "65535, 0"})
    void aTicketThatFitsNoClientHelloIsNotKept(int length, int gained) {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(instead(Step.NEW_SESSION_TICKET, server -> server
                .sendInParts(new Tls13Message.NewSessionTicket(1, 2, new byte[1], new byte[length], List.of()),
                        16_384)))
                .assertDone();
        assertEquals(gained, exchange.gained.size());
        assertEquals(gained == 0 ? List.of(UnusableTicket.TOO_LARGE) : List.of(), exchange.unusable);
        exchange.assertUsable();
        if (gained == 1) {
            new Tls13Exchange(Kind.RETRIED_COOKIE, Kind.RETRIED_COOKIE.settings(), gained(exchange)).exchange(honest())
                    .assertDone();
        }
    }

    @Test
    void withoutTicketsNoneIsKept() {
        var exchange = new Tls13Exchange(Kind.FULL, ChangedSettings.withoutTickets(Kind.FULL.settings()), null)
                .exchange(honest()).assertDone();
        assertEquals(List.of(), exchange.gained);
        assertEquals(Progress.TICKET, exchange.progress.getLast());
    }

    // Using tickets

    @ParameterizedTest
    @CsvSource({"TLS_AES_128_GCM_SHA256, DHE_KE", "TLS_AES_256_GCM_SHA384, DHE_KE",
        "TLS_CHACHA20_POLY1305_SHA256, DHE_KE", "TLS_AES_128_GCM_SHA256, KE", "TLS_AES_256_GCM_SHA384, KE",
        "TLS_CHACHA20_POLY1305_SHA256, KE"})
    void oneSessionLeadsToTheNext(CipherSuite suite, PskMode mode) {
        var exchange = new Tls13Exchange(Kind.FULL, ChangedSettings.with(Kind.FULL.settings(), mode), null);
        exchange.server.suite = suite;
        exchange.exchange(honest()).assertDone();
        for (var i = 0; i < 3; i++) {
            exchange = exchange.next(Kind.RESUMED);
            exchange.server.suite = suite;
            exchange.exchange(honest()).assertDone();
            assertEquals(mode == PskMode.KE ? null : exchange.memory.settings().groups().getFirst(),
                    exchange.client.group());
            exchange.assertUsable();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatTheServerDeclinesBecomesAFullHandshake(PskMode mode) {
        var exchange = new Tls13Exchange(Kind.DECLINED, ChangedSettings.with(Kind.DECLINED.settings(), mode),
                Kind.DECLINED.session()).exchange(honest()).assertDone();
        assertEquals(exchange.memory.settings().groups().getFirst(), exchange.client.group());
    }

    /** The server may decline what it asked to be offered again. */
    @Test
    void aSessionIsDeclinedAfterAHelloRetryRequest() {
        new Tls13Exchange(Kind.RETRIED, Kind.RETRIED.settings(), Tls13Exchange.Kind.session(Kind.RETRIED.suite))
                .exchange(honest())
                .assertDone().assertUsable();
    }

    /** RFC 8446, 4.1.4: under another hash, the session is not offered again. */
    @ParameterizedTest
    @CsvSource({"RETRIED, TLS_AES_128_GCM_SHA256", "RETRIED_COOKIE, TLS_AES_256_GCM_SHA384"})
    void aSessionOfAnotherHashIsDroppedAfterAHelloRetryRequest(Kind kind, CipherSuite suite) {
        var exchange = new Tls13Exchange(kind, kind.settings(), Tls13Exchange.Kind.session(suite)).exchange(honest())
                .assertDone();
        assertEquals(0, exchange.server.clientHello().extensions().stream()
                .filter(extension -> extension.type() == Extension.PRE_SHARED_KEY).count());
        exchange.assertUsable();
    }

    /** The ticket and the cookie would not both fit. */
    @Test
    void aSessionIsDroppedWhereTheCookieLeavesItNoRoom() {
        var session = Tls13Exchange.Kind.session(Kind.RETRIED_COOKIE.suite);
        var large = new Session.Tls13(new byte[50_000], session.protocol(), session.suite(), session.key(), 1,
                Tls13Exchange.NOW,
                session.expiresNanos(), 0);
        var exchange = new Tls13Exchange(Kind.RETRIED_COOKIE, Kind.RETRIED_COOKIE.settings(), large);
        exchange.server.dropsSession = true;
        exchange.exchange(instead(Step.HELLO_RETRY_REQUEST, server -> {
            server.retryCookie = new Extension(Extension.COOKIE, Arrays.copyOf(new byte[]{0x3f, (byte) 0xf0}, 0x3ff2));
            server.retry(server.retryRequest(), 16_384);
        })).assertDone();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"RESUMED_RETRIED", "EARLY_RETRIED"})
    void aSessionIsResumedByItsKeyAloneAfterAHelloRetryRequest(Kind kind) {
        new Tls13Exchange(kind, ChangedSettings.with(kind.settings(), PskMode.KE), kind.session()).exchange(honest())
                .assertDone().assertUsable();
    }

    // Early data

    @ParameterizedTest
    @CsvSource({"EARLY, DHE_KE", "EARLY, KE", "EARLY_REJECTED, KE"})
    void earlyDataGoesWithEitherMode(Kind kind, PskMode mode) {
        new Tls13Exchange(kind, ChangedSettings.with(kind.settings(), mode), kind.session()).exchange(honest())
                .assertDone()
                .assertUsable();
    }

    @Test
    void earlyDataGoesOverManyRecords() {
        var session = Tls13Exchange.Kind.session(Kind.EARLY.suite);
        var exchange = new Tls13Exchange(Kind.EARLY, Kind.EARLY.settings(), new Session.Tls13(session.ticket(),
                session.protocol(), session.suite(), session.key(), session.ageAdd(), session.receivedNanos(),
                session.expiresNanos(),
                100_000));
        exchange.client.start(Tls13Exchange.NOW, new byte[100_000]);
        exchange.goThrough(Kind.EARLY.steps(), honest());
        Ended.assertDone(true, exchange.client.state());
        assertEquals(EarlyData.ACCEPTED, exchange.client.earlyData());
        assertEquals(100_000, exchange.server.earlyData().length);
    }

    @Test
    void earlyDataIsRejectedWithItsSession() {
        var exchange = new Tls13Exchange(Kind.EARLY_REJECTED);
        exchange.server.takesSession = false;
        exchange.client.start(Tls13Exchange.NOW, Tls13Exchange.EARLY_DATA);
        exchange.goThrough(Kind.DECLINED.steps(), honest());
        Ended.assertDone(false, exchange.client.state());
        assertEquals(EarlyData.REJECTED, exchange.client.earlyData());
        exchange.server.record(ContentType.APPLICATION_DATA, 'x');
        Ended.assertDone(false, exchange.client.state());
    }

    // Both versions

    @Test
    void aServerOfTls12TakesTheOffer() {
        var memory = new ClientMemory(Kind.MIXED.settings(), SessionMemory.UNLIMITED);
        var full = new Tls12Exchange(Tls12Exchange.Kind.ECDHE_RSA, memory, null).exchange(honest());
        Ended.assertDone(false, full.client.state());
        assertEquals(ProtocolVersion.TLS_1_2, full.client.version());
        assertEquals(32, full.server.clientHello().sessionId().length);
        for (var kind : List.of(Tls12Exchange.Kind.BY_TICKET, Tls12Exchange.Kind.BY_ID_FOR_TICKET)) {
            var resumed = new Tls12Exchange(kind, memory, kind.session()).exchange(honest());
            Ended.assertDone(true, resumed.client.state());
            assertEquals(ProtocolVersion.TLS_1_2, resumed.client.version());
        }
    }

    @Test
    void aTls13SessionIsNotResumedByATls12Server() {
        var exchange = new Tls12Exchange(Tls12Exchange.Kind.ECDHE_RSA,
                new ClientMemory(Kind.MIXED.settings(), SessionMemory.UNLIMITED),
                Tls13Exchange.Kind.session(CipherSuite.TLS_AES_128_GCM_SHA256)).exchange(honest());
        Ended.assertDone(false, exchange.client.state());
        assertEquals(Extension.PRE_SHARED_KEY, exchange.server.clientHello().extensions().getLast().type());
    }

    @ParameterizedTest
    @EnumSource(value = Tls12Exchange.Kind.class, names = {"BY_TICKET", "BY_ID"})
    void aTls12SessionIsNotResumedByATls13Server(Tls12Exchange.Kind kind) {
        var exchange = new Tls13Exchange(Kind.MIXED, Kind.MIXED.settings(), kind.session()).exchange(honest())
                .assertDone();
        assertInstanceOf(Session.Tls13.class, exchange.gained.getLast());
        exchange.next(Kind.RESUMED).exchange(honest()).assertDone().assertUsable();
    }

    /** The session ID that is made up for TLS 1.3 is not one that a TLS 1.2 server could resume. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEchoOfASessionIdThatMeansNothingIsRefused(boolean offersTicket) {
        var exchange = new Tls12Exchange(Tls12Exchange.Kind.ECDHE_RSA,
                new ClientMemory(Kind.MIXED.settings(), SessionMemory.UNLIMITED),
                offersTicket ? Tls13Exchange.Kind.session(CipherSuite.TLS_AES_128_GCM_SHA256) : null);
        exchange.exchange(
                ScriptedServer.hello(h -> ServerHellos.sessionId(h, exchange.server.clientHello().sessionId())));
        exchange.assertEndedByClient(Stage.SERVER_HELLO, AlertDescription.ILLEGAL_PARAMETER);
        assertNull(exchange.gained);
    }

    private static Session.Tls13 gained(Tls13Exchange exchange) {
        return (Session.Tls13) exchange.gained.getFirst();
    }
}
