package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.report.html.HtmlPage;
import dev.shakedown.report.html.Report;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Kind;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Samples;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureRowsTest {
    /** Adds a failure for each of a number of meanings of one cause. */
    private static void add(List<Sample> samples, int meanings, String stage, String cause) {
        for (var n = 0; n < meanings; n++) {
            samples.add(failed(stage, cause, n));
        }
    }

    private static Sample failed(String stage, String cause, int n) {
        return Samples.failed(Kind.FULL, Sample.Resumption.NOT_OFFERED, stage, cause, "it said " + n);
    }

    private static RunResult result(List<Sample> samples) {
        return Facts.result(Facts.of(Facts.CLOSED), samples.toArray(Sample[]::new));
    }

    private static RunResult hundreds() {
        var samples = new ArrayList<Sample>();
        add(samples, 400, "server_hello", "decode_error");
        add(samples, 90, "finished", "bad_record_mac");
        for (var n = 0; n < 10; n++) {
            samples.add(failed("server_hello", "decode_error", n));
        }
        samples.add(failed("finished", "bad_record_mac", 89));
        samples.add(Samples.failed("connect", "connection_reset"));
        return result(samples);
    }

    @Test
    void tenAreShownAndTheRestIsSummedUp() {
        var rows = FailureRows.of(hundreds().failures());
        assertEquals(10, rows.first().size());
        assertTrue(rows.first().stream().allMatch(row -> row.count() == 2), rows::toString);
        // Eleven failures came twice, of which names decide the one left out.
        var others = hundreds().failures().subList(10, 491);
        assertEquals(502, others.stream().mapToLong(RunRows.FailureRow::count).sum()
                + rows.first().stream().mapToLong(RunRows.FailureRow::count).sum());
        assertEquals(
                "482 in 481 other ways: decode_error at server_hello (391 ways, 392 in all), bad_record_mac at finished"
                        + " (89 ways, 89 in all), connection_reset at connect (1 way, 1 in all); run.json lists all"
                        + " of them",
                rows.rest().orElseThrow());
    }

    @Test
    void elevenAreShownEach() {
        var samples = new ArrayList<Sample>();
        add(samples, 11, "server_hello", "decode_error");
        var failures = result(samples).failures();
        assertEquals(new FailureRows(failures, Optional.empty()), FailureRows.of(failures));
    }

    @Test
    void moreCausesThanFitAreCounted() {
        var samples = new ArrayList<Sample>();
        for (var cause = 0; cause < 35; cause++) {
            add(samples, 1, "server_hello", "cause_" + cause);
        }
        var rest = FailureRows.of(result(samples).failures()).rest().orElseThrow();
        assertTrue(rest.startsWith("25 in 25 other ways: cause_"), rest);
        assertTrue(rest.endsWith(", and 15 more causes; run.json lists all of them"), rest);
    }

    @Test
    void reportsAreShortAndJsonIsWhole(@TempDir Path directory) throws IOException {
        var report = Report.run(hundreds(), directory, Setting.Names.OWN);
        assertEquals(11, report.text().lines().filter(line -> line.startsWith("  failed: ")).count());
        assertTrue(report.text().contains("  failed: 482 in 481 other ways: decode_error at server_hello (391 ways,"),
                report::text);
        var html = HtmlPage.of(report.pages().make());
        assertTrue(html.contains("Further failures: 482 in 481 other ways: "));
        assertFalse(html.contains("it said 399"));
        assertEquals(491, report.json().split("\"meaning\"", -1).length - 1);
    }
}
