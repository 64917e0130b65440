package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A generator that cannot continue ends its run and says why, instead of waiting for itself. */
@Tag("interop")
@Timeout(60)
class BreakdownTest {
    private static final long LONG_NANOS = 50_000_000_000L;

    @Test
    void aWorkerThatBreaksDownEndsTheRun() {
        var settings = new ClientSettings(List.of(ProtocolVersion.TLS_1_2),
                List.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), List.of(NamedGroup.X25519), null,
                List.of(), true, PskMode.DHE_KE, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.NONE, null,
                null);
        var plan = LoadPlan.of(Target.loopback(new InetSocketAddress("127.0.0.1", 1)), settings)
                .pacing(new Pacing.ClosedLoop(2)).end(new End.AfterTime(LONG_NANOS)).warmupNanos(0)
                .mix(Mix.parse("full=1")).timeouts(LONG_NANOS, LONG_NANOS).close(Close.RST).threads(1).build();
        var load = new Load(plan, new FailureObserver() {
            @Override
            public HandshakeObserver next(int inFlight) {
                throw new NoClassDefFoundError("something");
            }

            @Override
            public void failed(HandshakeFailure failure, HandshakeObserver observer) {
                throw new AssertionError();
            }

            @Override
            public void timedOut(Stage stage, HandshakeObserver observer) {
                throw new AssertionError();
            }
        });
        var end = assertThrows(IOException.class, () -> load.run((_, _, _, _) -> {}));
        assertEquals("the generator broke down: java.lang.NoClassDefFoundError: something", end.getMessage());
    }
}
