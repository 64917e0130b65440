package dev.shakedown.junit;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Test classes that ask for what is no load, each test for another reason. */
final class WrongLoads {
    private WrongLoads() {}

    static class Wrong {
        @TlsLoadTarget
        private static final int PORT = 4433;

        @Test
        @TlsLoad
        void noLoad() {}

        @Test
        @TlsLoad(rate = 1, connections = 1)
        void twoLoads() {}

        @Test
        @TlsLoad(rate = -1)
        void rate() {}

        @Test
        @TlsLoad(rate = Double.NaN)
        void noNumber() {}

        @Test
        @TlsLoad(connections = -1)
        void connections() {}

        @Test
        @TlsLoad(rate = 1, objective = "p98<1s")
        void objective() {}

        @Test
        @TlsLoad(rate = 1, duration = "10")
        void duration() {}

        @Test
        @TlsLoad(rate = 1, duration = "0")
        void noTime() {}

        @Test
        @TlsLoad(rate = 1, warmup = "soon")
        void warmup() {}

        @Test
        @TlsLoad(rate = 1, resumed = 80)
        void resumed() {}

        @Test
        @TlsLoad(rate = 1, tls = "3")
        void tls() {}

        @Test
        @TlsLoad(rate = 1, serverName = "a b")
        void serverName() {}

        @Test
        @TlsLoad(rate = 1, target = ":4433")
        void target() {}

        @Test
        @TlsLoad(rate = 1, target = "192.0.2.1:443")
        void foreign() {}

        @Test
        @TlsLoad(rate = 1, target = "192.0.2.1:443", authorizedTargets = "192.0.2.0/99")
        void authorization() {}

        @Nested
        class Unknown {
            @TlsLoadTarget
            private final List<String> servers = List.of();

            @Test
            @TlsLoad(rate = 1)
            void kind() {}
        }

        @Nested
        class Late {
            @TlsLoadTarget
            private String server;

            @Test
            @TlsLoad(rate = 1)
            void notStarted() {}
        }
    }

    static class Nowhere {
        @Test
        @TlsLoad(rate = 1)
        void noTarget() {}
    }
}
