package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketSupplyTest {
    private final SessionMemory sessions = new SessionMemory(SessionMemory.AS_THE_VERSION_ASKS);
    private final TicketSupply tickets = new TicketSupply(sessions, true);

    @Test
    void aSupplyIsShortUntilThereIsOneForEachHandshakeAndSome() {
        assertTrue(tickets.isShort(10));
        gain(26);
        assertTrue(tickets.isShort(10));
        gain(1);
        assertFalse(tickets.isShort(10));
    }

    /** Slots that are free for a moment take a ticket in the next. */
    @Test
    void asManyAreNeededAsThereHaveBeenHandshakesAtATime() {
        tickets.isShort(100);
        gain(100);
        assertTrue(tickets.isShort(3));
        gain(17);
        assertFalse(tickets.isShort(3));
    }

    @Test
    void noStallMakesItHoard() {
        tickets.isShort(1_000_000);
        gain(4096 + 17);
        assertFalse(tickets.isShort(1_000_000));
    }

    @Test
    void whoResumesNothingWaitsForNothing() {
        assertFalse(new TicketSupply(sessions, false).isShort(10));
    }

    @Test
    void aServerThatWantsARequestFirstIsRemembered() {
        assertFalse(tickets.needsRequest());
        tickets.came(true);
        assertTrue(tickets.needsRequest());
        tickets.came(false);
        assertFalse(tickets.needsRequest());
    }

    @Test
    void aServerWithoutTicketsIsWaitedForNowAndThenOnly() {
        tickets.missed();
        assertEquals(3, IntStream.range(0, 300).filter(connection -> tickets.isShort(10)).count());
        tickets.came(false);
        assertTrue(tickets.isShort(10));
    }

    private void gain(int count) {
        for (var i = 0; i < count; i++) {
            sessions.keep(new Session.Tls13(new byte[1], CipherSuite.TLS_AES_128_GCM_SHA256,
                    new PreSharedKey(Hash.SHA_256, new byte[32]), 0, 0, Long.MAX_VALUE, 0));
        }
    }
}
