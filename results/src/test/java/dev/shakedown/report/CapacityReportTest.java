package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.RunSums;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityReportTest {
    private static String report(String version, String suite) {
        return CapacityReport.of(new CapacityResult(null, "2026-01-01T00:00:00Z", null,
                new RunSetup.Target("localhost", 443, "127.0.0.1", false, null, null), null, null,
                new Capacity(100, "p99<20ms", 0.03, "server", "it was missed", new RunSetup.Mix(1, 0), null),
                List.of(),
                List.of(new NegotiatedRow(version, suite, null, null, 7))));
    }

    @Test
    void quantilesOfFewAreMarkedAndRatesSayWhatTheyCount() {
        var few = new Distribution(1000, 5e3, 1e3, 4e3, 8e3, 9e3, 9e3, 9e3, 9e3);
        var step = new Step("confirm", 100, 10, true, null, 99.5, 0, few, null, null, null, null, null);
        var result = new CapacityResult(null, "2026-01-01T00:00:00Z", null,
                new RunSetup.Target("localhost", 443, "127.0.0.1", false, null, null), null,
                new RunSetup.Client("reused", "reused", "none", "jdk", "nio"),
                new Capacity(100, "p99<20ms", 0.03, "server", "it was missed", new RunSetup.Mix(1, 0), null),
                List.of(step),
                List.of());
        assertTrue(CapacityReport.of(result).contains("""
                offered/s             held   completed/s       p50       p99    failures   server CPU
                100         confirm    yes          99.5   4.00 ms   9.00 ms*        0 %            -
                  * fewer than 100 samples lie beyond it, so a few handshakes may decide it.
                """), () -> CapacityReport.of(result));
    }

    @Test
    void whyThereIsNoServerCpuIsSaid() {
        var step = new CapacityResult.Step("narrow", 100, 5, true, null, 100, 0, Distribution.EMPTY,
                new RunSums.Outcomes(1, 1, 0, 0, 0, 0), null, null, "too little was seen", null);
        var text = CapacityReport.of(new CapacityResult(null, "2026-01-01T00:00:00Z", null,
                new RunSetup.Target("localhost", 443, "127.0.0.1", false, null, null), null, null,
                new Capacity(100, "p99<20ms", 0.03, "server", "it was missed", new RunSetup.Mix(1, 0), null),
                List.of(step), List.of()));
        assertTrue(text.contains("Server CPU is withheld where there is a dash: too little was seen.\n"), text);
    }

    @Test
    void aMixThatAFileDoesNotTellIsUnknown() {
        var text = CapacityReport.sentence(new CapacityResult(null, "now", null,
                new RunSetup.Target("localhost", 443, "127.0.0.1", false, null, null), null, null,
                new Capacity(100, "p99<20ms", 0.03, "server", "it was missed", null, null), List.of(), List.of()));
        assertTrue(text.startsWith("localhost:443 holds p99<20ms up to 100 handshakes/s (mix unknown); "), text);
    }

    @Test
    void whatIsWeakIsSaidInTheHeading() {
        var weak = report("TLSv1.0", "TLS_RSA_WITH_RC4_128_SHA");
        assertTrue(weak.startsWith("WEAK: TLSv1.0, TLS_RSA_WITH_RC4_128_SHA: "), weak);
        assertFalse(report("TLSv1.3", "TLS_AES_128_GCM_SHA256").contains("WEAK"));
    }
}
