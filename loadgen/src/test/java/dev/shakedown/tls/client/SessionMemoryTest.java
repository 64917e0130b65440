package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.shakedown.tls.wire.CipherSuite;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionMemoryTest {
    private static final long NOW = 1_000;

    @Test
    void anEmptyBankGivesNothing() {
        assertNull(new SessionMemory(SessionMemory.UNLIMITED).take(NOW));
    }

    @Test
    void givesTheOneThatHasRestedLongest() {
        var memory = new SessionMemory(SessionMemory.UNLIMITED);
        var first = session(NOW + 1);
        var second = session(NOW + 1);
        memory.keep(first);
        memory.keep(second);
        assertSame(first, memory.take(NOW));
        assertSame(second, memory.take(NOW));
        var third = session(NOW + 1);
        memory.keep(third);
        assertSame(first, memory.take(NOW));
        assertSame(second, memory.take(NOW));
        assertSame(third, memory.take(NOW));
        assertSame(first, memory.take(NOW));
    }

    @Test
    void aSessionIsOfferedAsOftenAsAllowedAndNoMore() {
        var memory = new SessionMemory(3);
        var first = session(NOW + 1);
        var second = session(NOW + 1);
        memory.keep(first);
        memory.keep(second);
        for (var i = 0; i < 3; i++) {
            assertSame(first, memory.take(NOW));
            assertSame(second, memory.take(NOW));
        }
        assertNull(memory.take(NOW));
    }

    @Test
    void anExpiredSessionIsPassedOver() {
        var memory = new SessionMemory(SessionMemory.UNLIMITED);
        var longer = session(NOW + 10);
        memory.keep(session(NOW));
        memory.keep(longer);
        assertSame(longer, memory.take(NOW));
        assertSame(longer, memory.take(NOW + 9));
        assertNull(memory.take(NOW + 10));
        assertNull(memory.take(NOW));
    }

    /** The clock of the timestamps may start anywhere and run over its end. */
    @Test
    void expiryHoldsWhereTheClockWrapsAround() {
        var memory = new SessionMemory(SessionMemory.UNLIMITED);
        var session = session(Long.MIN_VALUE + 5);
        memory.keep(session);
        assertSame(session, memory.take(Long.MAX_VALUE - 5));
        assertNull(memory.take(Long.MIN_VALUE + 5));
    }

    @Test
    void aForgottenSessionDoesNotComeBack() {
        var memory = new SessionMemory(SessionMemory.UNLIMITED);
        var first = session(NOW + 1);
        var second = session(NOW + 1);
        memory.keep(first);
        memory.keep(second);
        memory.forget(memory.take(NOW));
        memory.forget(first);
        memory.forget(session(NOW + 1));
        assertSame(second, memory.take(NOW));
        assertSame(second, memory.take(NOW));
    }

    @Test
    void keepsAFewThatCanBeOfferedForEver() {
        var memory = new SessionMemory(SessionMemory.UNLIMITED);
        assertEquals(16, distinct(memory, 100));
    }

    @Test
    void keepsManyThatAreUsedUp() {
        var memory = new SessionMemory(1);
        assertEquals(8192, distinct(memory, 10_000));
        assertNull(memory.take(NOW));
    }

    /** How many different sessions come back after so many were kept. */
    private static int distinct(SessionMemory memory, int kept) {
        IntStream.range(0, kept).forEach(_ -> memory.keep(session(NOW + 1)));
        var seen = Collections.newSetFromMap(new IdentityHashMap<Session, Boolean>());
        for (var i = 0; i < kept; i++) {
            var session = memory.take(NOW);
            if (session != null) {
                seen.add(session);
            }
        }
        return seen.size();
    }

    private static Session session(long expiresNanos) {
        return new Session.Tls12(new byte[]{1}, null, CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, Scene.OLD_MASTER,
                true,
                expiresNanos);
    }
}
