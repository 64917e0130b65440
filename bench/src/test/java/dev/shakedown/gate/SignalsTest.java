package dev.shakedown.gate;

import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.comparison.GateResult;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.gate.Signals.Kind;
import dev.shakedown.gate.Signals.Signal;
import dev.shakedown.report.GateReport;
import dev.shakedown.results.Setting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {
    private static final Map<String, String> FACTS = Map.of("jdk", "25", "code", "abc");

    @TempDir
    private Path baselines;

    private static Signals signals(Map<String, String> facts, Kind kind, double value) {
        return new Signals("suite", facts, List.of(new Signal("row", kind, value)));
    }

    @ParameterizedTest
    @CsvSource({"ALLOCATED_BYTES, 20000, 20199, PASS", "ALLOCATED_BYTES, 20000, 20201, FAIL",
        "ALLOCATED_BYTES, 1000, 1127, PASS", "ALLOCATED_BYTES, 1000, 1129, FAIL", "ALLOCATED_BYTES, 20000, 10, PASS",
        "WIRE_BYTES, 1000, 1004, PASS", "WIRE_BYTES, 1000, 1006, FAIL", "FLIGHTS, 3, 3, PASS", "FLIGHTS, 3, 4, FAIL",
        "PUBLIC_KEY_OPERATIONS, 0, 0, PASS", "PUBLIC_KEY_OPERATIONS, 0, 0.5, FAIL",
        "PUBLIC_KEY_OPERATIONS, 3, 2, PASS"})
    void moreThanAllowedFails(Kind kind, double base, double head, Verdict verdict) throws IOException {
        signals(FACTS, kind, base).write(baselines);
        var result = signals(FACTS, kind, head).judge(baselines, Setting.Names.OWN);
        assertEquals(verdict, result.verdict(), result::toString);
    }

    @Test
    void anotherFingerprintIsNeverAPass() throws IOException {
        var none = signals(FACTS, Kind.FLIGHTS, 3).judge(baselines, Setting.Names.OWN);
        assertEquals(Verdict.INCOMPARABLE, none.verdict());
        assertTrue(none.rows().getFirst().because().contains("there is none of suite suite"), none::toString);
        signals(FACTS, Kind.FLIGHTS, 3).write(baselines);
        var other = signals(Map.of("jdk", "26", "code", "abc"), Kind.FLIGHTS, 3).judge(baselines, Setting.Names.OWN);
        assertEquals(Verdict.INCOMPARABLE, other.verdict());
        assertTrue(other.rows().getFirst().because().contains("jdk is 26, the baseline's 25"), other::toString);
    }

    @Test
    void rowsOfOneSideOnlyAreIncomparable() throws IOException {
        new Signals("suite", FACTS, List.of(new Signal("a", Kind.FLIGHTS, 3), new Signal("gone", Kind.FLIGHTS, 3)))
                .write(baselines);
        var result = new Signals("suite", FACTS, List.of(new Signal("a", Kind.FLIGHTS, 3),
                new Signal("new", Kind.FLIGHTS, 3))).judge(baselines, Setting.Names.OWN);
        assertEquals(List.of("new", "gone", "a"), result.rows().stream().map(RowVerdict::name).toList());
        assertEquals(2, result.count(Verdict.INCOMPARABLE));
    }

    /** The formats that other tools read. */
    @Test
    void theReportsAgree() throws Exception {
        var result = new GateResult("time", "old | <x>", "new", 0.03, "25", List.of(
                new RowVerdict("quiet", Verdict.PASS, 1.0, 0.99, 1.01, null, 10.0, 10.0, "ns", 12, "the same"),
                new RowVerdict("unsure", Verdict.INCONCLUSIVE, 1.0, 0.9, 1.1, 1.1, 10.0, 10.0, "ns", 12, "too noisy"),
                new RowVerdict("slow | <b>", Verdict.FAIL, 1.1, 1.05, 1.15, null, 10.0, 11.0, "ns", 24, "slower")));
        var markdown = GateReport.markdown(result);
        assertTrue(markdown.contains("old \\| &lt;x>") && !markdown.contains("<b>"), markdown);
        assertTrue(markdown.indexOf("FAIL |") < markdown.indexOf("INCONCLUSIVE |"), "failures first");
        var suite = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(GateReport.junit(result).getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertEquals("3 1 1", suite.getAttribute("tests") + " " + suite.getAttribute("failures") + " "
                + suite.getAttribute("skipped"));
        assertEquals(1, suite.getElementsByTagName("failure").getLength());
        assertEquals(1, suite.getElementsByTagName("skipped").getLength());
        var list = GateReport.smallerIsBetter(result);
        assertTrue(list.contains("\"value\" : 11.0") && list.contains("\"unit\" : \"ns\""), list);
        assertTrue(GateReport.text(result).startsWith("FAIL: new against old"), GateReport.text(result));
    }

    @Test
    void trialsAreTakenUpWhereTheyStopped() throws IOException {
        var first = new Selftest(baselines, "12 pairs", "a machine");
        var failed = new RowVerdict("row", Verdict.FAIL, 1.1, 1.0, 1.2, null, 1.0, 1.1, "ns", 12, "slower");
        first.add("twice 10 %", 0, 1.5, List.of(failed, failed, failed));
        first.add("same code", 0, 1.5, List.of());
        var again = new Selftest(baselines, "12 pairs", "another");
        assertTrue(again.has("twice 10 %", 0) && again.has("same code", 0) && !again.has("twice 10 %", 1));
        var rate = again.rate("twice 10 %");
        assertEquals(1, rate.share());
        // Clopper and Pearson: 0.025 to the third root.
        assertEquals(Math.cbrt(0.025), rate.low(), 1e-9);
        assertEquals(1, rate.high());
        assertEquals(12, rate.pairs());
        assertEquals(List.of("a machine"), again.machines());
        var complaint = assertThrows(IOException.class, () -> new Selftest(baselines, "24 pairs", "a machine"));
        assertTrue(complaint.getMessage().contains("other settings (12 pairs; these are 24 pairs)"),
                complaint::toString);
    }
}
