package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.Kind;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketSupplyTest {
    private final SessionMemory sessions = new SessionMemory(SessionMemory.AS_THE_VERSION_ASKS);
    private final TicketSupply tickets = new TicketSupply(sessions, true);

    @Test
    void aSupplyIsShortUntilThereIsOneForEachHandshakeAndSome() {
        assertTrue(tickets.isShort(Kind.FULL, 0, 10));
        gain(26);
        assertTrue(tickets.isShort(Kind.FULL, 0, 10));
        gain(1);
        assertFalse(tickets.isShort(Kind.FULL, 0, 10));
    }

    /** Slots that are free at one moment may need a ticket at the next. */
    @Test
    void asManyAreNeededAsThereHaveBeenHandshakesAtATime() {
        tickets.isShort(Kind.FULL, 0, 100);
        gain(100);
        assertTrue(tickets.isShort(Kind.FULL, 0, 3));
        gain(17);
        assertFalse(tickets.isShort(Kind.FULL, 0, 3));
    }

    @Test
    void noStallMakesItHoard() {
        tickets.isShort(Kind.FULL, 0, 1_000_000);
        gain(4096 + 17);
        assertFalse(tickets.isShort(Kind.FULL, 0, 1_000_000));
    }

    @Test
    void whoResumesNothingWaitsForNothing() {
        assertFalse(new TicketSupply(sessions, false).isShort(Kind.FULL, 0, 10));
    }

    @Test
    void aServerThatWantsARequestFirstIsRemembered() {
        assertFalse(tickets.needsRequest(Kind.FULL));
        tickets.came(Kind.FULL, 1, true);
        assertTrue(tickets.needsRequest(Kind.FULL));
        assertTrue(tickets.needsRequest(Kind.RESUMED), "of which nobody knows yet");
        tickets.came(Kind.RESUMED, 1, false);
        assertFalse(tickets.needsRequest(Kind.RESUMED));
        tickets.came(Kind.FULL, 1, false);
        assertFalse(tickets.needsRequest(Kind.FULL));
    }

    /** Each further attempt comes after twice as many connections. */
    @Test
    void aServerWithoutTicketsIsWaitedForNowAndThenOnly() {
        tickets.settled(Kind.FULL, 0);
        assertEquals(List.of(100, 300, 700), IntStream.rangeClosed(1, 1000)
                .filter(connection -> tickets.isShort(Kind.FULL, 0, 10)).boxed().toList());
        tickets.came(Kind.FULL, 1, false);
        assertTrue(tickets.isShort(Kind.FULL, 0, 10));
    }

    /** Node, lighttpd and h2o issue two tickets on a full handshake and none on a resumed one. */
    @Test
    void aKindThatBringsNoneDoesNotSpoilTheOther() {
        tickets.came(Kind.FULL, 2, false);
        assertTrue(tickets.isShort(Kind.RESUMED, 0, 10), "as long as nobody has seen it");
        tickets.settled(Kind.RESUMED, 0);
        assertTrue(tickets.bringsNone(Kind.RESUMED));
        assertFalse(tickets.isShort(Kind.RESUMED, 0, 10));
        assertFalse(tickets.bringsNone(Kind.FULL));
        assertTrue(tickets.isShort(Kind.FULL, 0, 10));
        assertEquals(OptionalInt.of(2), tickets.perHandshake(Kind.FULL));
        assertEquals(OptionalInt.of(0), tickets.perHandshake(Kind.RESUMED));
    }

    /** A request is sent only to a server about which nothing is known yet. */
    @Test
    void nobodyIsAskedWhoGivesTicketsByItself() {
        assertTrue(tickets.mayRequest(Kind.FULL));
        assertFalse(tickets.mayRequest(Kind.RESUMED));
        tickets.came(Kind.FULL, 2, false);
        assertFalse(tickets.mayRequest(Kind.FULL));
        tickets.settled(Kind.RESUMED, 0);
        assertFalse(tickets.mayRequest(Kind.RESUMED));
    }

    @Test
    void whoNeverGaveOneIsNotAskedAgain() {
        tickets.settled(Kind.FULL, 0);
        assertFalse(tickets.mayRequest(Kind.FULL));
    }

    @Test
    void asManyAreWaitedForAsCameBefore() {
        assertFalse(tickets.isEnough(Kind.FULL, 1), "another may be on its way, for all that is known");
        tickets.settled(Kind.FULL, 1);
        assertTrue(tickets.isEnough(Kind.FULL, 1));
        tickets.came(Kind.FULL, 2, false);
        assertFalse(tickets.isEnough(Kind.FULL, 1));
        assertTrue(tickets.isShort(Kind.FULL, 1, 10));
        assertTrue(tickets.isEnough(Kind.FULL, 2));
        assertFalse(tickets.isShort(Kind.FULL, 2, 10));
        tickets.settled(Kind.FULL, 1);
        tickets.settled(Kind.FULL, 1);
        assertFalse(tickets.isEnough(Kind.FULL, 1), "the machine may have been suspended");
        tickets.settled(Kind.FULL, 1);
        assertTrue(tickets.isEnough(Kind.FULL, 1), "fewer came three times in a row");
    }

    /** One stall of the server does not change what is expected. */
    @Test
    void whoGaveTicketsStopsOnlyWhenSeveralInARowHaveMissed() {
        tickets.came(Kind.FULL, 2, false);
        tickets.settled(Kind.FULL, 0);
        tickets.settled(Kind.FULL, 0);
        assertFalse(tickets.bringsNone(Kind.FULL));
        tickets.came(Kind.FULL, 2, false);
        tickets.settled(Kind.FULL, 0);
        tickets.settled(Kind.FULL, 0);
        assertFalse(tickets.bringsNone(Kind.FULL));
        tickets.settled(Kind.FULL, 0);
        assertTrue(tickets.bringsNone(Kind.FULL));
    }

    private void gain(int count) {
        for (var i = 0; i < count; i++) {
            sessions.keep(new Session.Tls13(new byte[1], Optional.empty(), CipherSuite.TLS_AES_128_GCM_SHA256,
                    new PreSharedKey(Hash.SHA_256, new byte[32]), 0, 0, Long.MAX_VALUE, 0));
        }
    }
}
