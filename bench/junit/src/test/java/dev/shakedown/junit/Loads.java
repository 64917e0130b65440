package dev.shakedown.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.Target;
import dev.shakedown.results.RunResult;
import dev.shakedown.server.TlsServer;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Test classes with loads. Their names are such that no pattern for test classes finds them. */
final class Loads {
    static TlsServer server;

    private Loads() {}

    static class Held {
        @TlsLoadTarget
        private static final TlsServer LOADED = Loads.server;

        @Test
        @TlsLoad(connections = 1, duration = "300ms", warmup = "0", resumed = 0.75, tls = "1.2", //
                serverName = "www.example.org", objective = "max<60s,failures<=0%")
        void itHolds(RunResult result) {
            assertTrue(result.outcomes().completed() > 0);
            assertEquals(2, result.rows().objective().size());
            assertEquals("1.2", result.plan().offer().tls());
            assertEquals("www.example.org", result.plan().offer().sni());
            assertEquals(75, result.plan().shape().mix().resumed());
        }
    }

    static class Missed {
        static boolean ran;

        @TlsLoadTarget
        private static final TlsServer LOADED = Loads.server;

        @Test
        @TlsLoad(rate = 50, objective = "p50<1us,failures<=0%", duration = "300ms", warmup = "0")
        void itMisses() {
            ran = true;
        }
    }

    static class Overloaded {
        @TlsLoadTarget
        private static final TlsServer LOADED = Loads.server;

        /** More than any machine begins. */
        @Test
        @TlsLoad(rate = 500_000, objective = "p50<1us", duration = "200ms", warmup = "0")
        void itIsTooMuch() {}
    }

    static class Unanswered {
        @Test
        @TlsLoad(target = "127.0.0.1:1", rate = 20, duration = "200ms", warmup = "0")
        void nobodyListens() {}
    }

    @TlsLoad(connections = 1, duration = "200ms", warmup = "0", resumed = 0)
    static class OnAClass {
        private TlsServer loaded;

        @BeforeEach
        void choose() {
            loaded = Loads.server;
        }

        @TlsLoadTarget
        private TlsServer loaded() {
            return loaded;
        }

        @Test
        void asTheClass(RunResult result) {
            assertEquals("1.2-1.3", result.plan().offer().tls());
        }

        @Test
        @TlsLoad(connections = 1, duration = "200ms", warmup = "0", resumed = 0, tls = "1.2")
        void asTheMethod(RunResult result) {
            assertEquals("1.2", result.plan().offer().tls());
        }

        @Nested
        class Within {
            @Test
            void asTheClassAround(RunResult result) {
                assertEquals("1.2-1.3", result.plan().offer().tls());
            }
        }
    }

    @TlsLoad(connections = 1, duration = "100ms", warmup = "0", resumed = 0)
    static class Kinds {
        @Nested
        class Address {
            @TlsLoadTarget
            private final InetSocketAddress loaded = server.address();

            @Test
            void address(RunResult result) {
                assertTrue(result.outcomes().completed() > 0);
            }
        }

        @Nested
        class Everywhere {
            @TlsLoadTarget
            private final InetSocketAddress loaded = new InetSocketAddress(server.address().getPort());

            @Test
            void everywhere(RunResult result) {
                assertTrue(result.outcomes().completed() > 0);
            }
        }

        @Nested
        class Port {
            @TlsLoadTarget
            private final int loaded = server.address().getPort();

            @Test
            void port(RunResult result) {
                assertTrue(result.outcomes().completed() > 0);
            }
        }

        @Nested
        class Words {
            @TlsLoadTarget
            private final String loaded = "www.example.org@127.0.0.1:" + server.address().getPort();

            @Test
            void words(RunResult result) {
                assertTrue(result.outcomes().completed() > 0);
            }
        }

        @Nested
        class Guarded {
            @TlsLoadTarget
            private final Target loaded = Target.loopback(server.address());

            @Test
            void target(RunResult result) {
                assertTrue(result.outcomes().completed() > 0);
            }
        }
    }
}
