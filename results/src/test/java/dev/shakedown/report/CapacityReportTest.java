package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunResult.NegotiatedRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityReportTest {
    private static String report(String version, String suite) {
        return CapacityReport.of(new CapacityResult(null, "now", null,
                new RunResult.Target("localhost", 443, "127.0.0.1", false, null, null), null, null,
                new Capacity(100, "p99<20ms", 0.03, "server", "it was missed", new RunResult.Mix(1, 0)), List.of(),
                List.of(new NegotiatedRow(version, suite, null, null, 7))));
    }

    @Test
    void whyThereIsNoServerCpuIsSaid() {
        var step = new CapacityResult.Step("narrow", 100, 5, true, null, 100, 0, RunResult.Distribution.EMPTY,
                new RunResult.Outcomes(1, 1, 0, 0, 0, 0), null, "too little was seen", null);
        var text = CapacityReport.of(new CapacityResult(null, "now", null,
                new RunResult.Target("localhost", 443, "127.0.0.1", false, null, null), null, null,
                new Capacity(100, "p99<20ms", 0.03, "server", "it was missed", new RunResult.Mix(1, 0)),
                List.of(step), List.of()));
        assertTrue(text.contains("Server CPU is withheld where there is a dash: too little was seen.\n"), text);
    }

    @Test
    void whatIsWeakIsSaidInTheHeading() {
        var weak = report("TLSv1.0", "TLS_RSA_WITH_RC4_128_SHA");
        assertTrue(weak.startsWith("WEAK: TLSv1.0, TLS_RSA_WITH_RC4_128_SHA: "), weak);
        assertFalse(report("TLSv1.3", "TLS_AES_128_GCM_SHA256").contains("WEAK"));
    }
}
