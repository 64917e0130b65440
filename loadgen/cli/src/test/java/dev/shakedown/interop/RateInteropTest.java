package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.interop.Attempts.Reading;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether handshakes begin when they are due, as a packet capture sees it. */
@Tag("truth")
@Timeout(240)
class RateInteropTest {
    private static final String RESUMED = "--mix resumed=1 --threads 1";
    /** For how long a rate is looked at. */
    private static final int SECONDS = 2;

    /**
     * What is offered is achieved, and handshakes begin as far apart as planned: real ones, resumed, at a real server
     * that can take them. Where that fails, what the server carries just now is measured; if the rate is more than four
     * fifths of that, those are offered instead, and it is said.
     */
    @ParameterizedTest
    @ValueSource(ints = {100, 1000, 5000})
    void theRateIsTheRate(int rate) throws Exception {
        try (var _ = new Awake();
                var server = Program.NGINX.start(PeerOptions.of(ServerCertificate.ECDSA_P256));
                var packets = Packets.syns(server.port())) {
            LoadRun.warm(server.port(), RESUMED);
            var offered = new AtomicInteger(rate);
            Attempts.assertOnce(sleeper -> {
                var reading = unpunctual(server, packets, offered.get(), sleeper);
                if (!reading.complaint().isEmpty()) {
                    offered.set((int) Math.min(rate, 0.8 * LoadRun.carried(server.port(), RESUMED)));
                    System.err.println(reading.complaint() + "; next " + offered + "/s");
                }
                return reading;
            });
        }
    }

    /**
     * What is wrong with some seconds of a rate. Distances are right within 1 ms, or on a machine that wakes nobody as
     * punctually, within twice what it lets a sleeper have at the same time.
     */
    private static Reading unpunctual(Peer server, Packets packets, int rate, Sleeper sleeper)
            throws IOException {
        var before = packets.streams().size();
        var result = LoadRun.against(server.port(), RESUMED + " --duration " + SECONDS + "s --rate " + rate).result();
        var machine = sleeper.offMicros();
        assertEquals(SECONDS * rate, result.outcomes().planned(), result::toString);
        var syns = packets.streams().stream().skip(before).mapToLong(stream -> stream.syn).toArray();
        if (syns.length != SECONDS * rate) {
            return Reading.of(syns.length + " SYNs sent at " + rate + "/s, " + result.outcomes(), result);
        }
        var off = new double[syns.length - 1];
        for (var i = 0; i < off.length; i++) {
            off[i] = Math.abs(syns[i + 1] - syns[i] - 1e6 / rate);
        }
        Arrays.sort(off);
        var p99 = off[(int) (0.99 * off.length)];
        var achieved = result.rate().achievedPerSecond();
        return Reading.of(Math.abs(achieved - rate) <= 0.005 * rate && p99 <= Math.max(1000, 2 * machine)
                ? ""
                : "achieved " + achieved + "/s of " + rate + ", " + p99 + " µs from equal distances at p99, loop lag "
                        + result.generator().loopLagMicros() + ", stolen "
                        + result.generator().health().stolenShare() + ", a sleeper " + machine,
                result);
    }
}
