package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionMemoryTest {
    private static final long NOW = 1_000;
    private static final PreSharedKey KEY = new PreSharedKey(Hash.SHA_256, new byte[32]);

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

    /** The clock of the timestamps may start anywhere and overflow. */
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

    /** RFC 8446, C.4: a ticket that is offered twice lets observers link connections. */
    @Test
    void byTheVersionsRuleATicketOfTls13IsOfferedOnce() {
        var memory = new SessionMemory(SessionMemory.AS_THE_VERSION_ASKS);
        var old = session(NOW + 1);
        var first = tls13(NOW + 1);
        var second = tls13(NOW + 1);
        memory.keep(first);
        memory.keep(old);
        memory.keep(second);
        assertSame(first, memory.take(NOW));
        assertSame(old, memory.take(NOW));
        assertSame(second, memory.take(NOW));
        for (var i = 0; i < 3; i++) {
            assertEquals(1, memory.size());
            assertSame(old, memory.take(NOW));
        }
    }

    @Test
    void byTheVersionsRuleManyTicketsOfTls13AreKept() {
        var memory = new SessionMemory(SessionMemory.AS_THE_VERSION_ASKS);
        IntStream.range(0, 10_000).forEach(_ -> memory.keep(tls13(NOW + 1)));
        assertEquals(8192, memory.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, SessionMemory.UNLIMITED})
    void aLimitHoldsForBothVersions(int uses) {
        for (var session : List.of(session(NOW + 1), tls13(NOW + 1))) {
            var memory = new SessionMemory(uses);
            memory.keep(session);
            for (var i = 0; i < Math.min(uses, 100); i++) {
                assertSame(session, memory.take(NOW));
            }
            assertSame(uses == SessionMemory.UNLIMITED ? session : null, memory.take(NOW));
        }
    }

    @Test
    void aTicketOfTls13ExpiresAndIsForgottenLikeAnyOther() {
        var memory = new SessionMemory(SessionMemory.UNLIMITED);
        var shorter = tls13(NOW + 1);
        var longer = tls13(NOW + 2);
        memory.keep(shorter);
        memory.keep(longer);
        assertSame(shorter, memory.take(NOW));
        assertSame(longer, memory.take(NOW + 1));
        assertSame(longer, memory.take(NOW + 1));
        memory.forget(longer);
        assertNull(memory.take(NOW + 1));
        assertEquals(0, memory.size());
    }

    /** RFC 8446, 4.2.11.1: milliseconds plus ageAdd, modulo 2^32. */
    @ParameterizedTest
    @CsvSource({"0, 0, 00000000, 00000000", "0, 999999, 00000000, 00000000", "0, 1000000, 00000000, 00000001",
        "0, 1999999, 00000005, 00000006", "1000000000000, 1012345678901, 7fffff00, 80002f39",
        "0, 12345678901, ffffffff, 00003038", "0, 604800000000000, 00000000, 240c8400",
        "0, 604800000000000, e0000000, 040c8400", "9223372036854775807, -9223372036852775809, 00000000, 00000002"})
    void aTicketsAgeIsHidden(long received, long now, String add, String due) {
        var session = new Session.Tls13(new byte[1], Optional.empty(), CipherSuite.TLS_AES_128_GCM_SHA256, KEY,
                Integer.parseUnsignedInt(add, 16), received, 0, 0);
        assertEquals(Integer.parseUnsignedInt(due, 16), session.obfuscatedAge(now));
    }

    /** Returns how many different sessions are offered after {@code kept} were stored. */
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
        return new Session.Tls12(new byte[]{1}, null, ProtocolVersion.TLS_1_2,
                CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, Tls12Exchange.OLD_MASTER,
                true,
                expiresNanos);
    }

    private static Session tls13(long expiresNanos) {
        return new Session.Tls13(new byte[]{1}, Optional.empty(), CipherSuite.TLS_AES_128_GCM_SHA256, KEY, 1, 0,
                expiresNanos, 0);
    }
}
