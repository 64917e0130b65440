package dev.shakedown.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.report.ObjectiveWords;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.RunRows.ObjectiveTerm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveTest {
    private static final Distribution MICROS = new Distribution(1000, 15.0, 1.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0);

    @ParameterizedTest
    @CsvSource({"p50<10us, false", "p50<=10us, true", "p50<=9us, false", "p90<21us, true", "p95<31us, true",
        "p95<30us, false", "p99<41us, true", "p99.9<0.051ms, true", "p99.9<0.05ms, false", "mean<16us, true",
        "max<=60us, true", "failures<1%, false", "failures<=1%, true"})
    void aTermHoldsBelowItsLimitAndAtItWhereItSaysSo(String text, boolean held) {
        var objective = Objective.parse(text);
        assertEquals(List.of(held), objective.judge(0.01, MICROS).stream().map(ObjectiveTerm::held).toList());
        assertEquals(held, objective.missed(0.01, MICROS) == null);
    }

    @Test
    void everyTermSaysWhatWasMeasured() {
        var terms = Objective.parse("p95<=20us, failures<1%").judge(0.005, MICROS);
        assertEquals(List.of(new ObjectiveTerm("p95", 20, 30.0, false),
                new ObjectiveTerm("failures", 0.01, 0.005, true)), terms);
        assertEquals("✗ p95 30.0 µs (limit 20.0 µs)  ✓ failures 0.5 % (limit 1 %)", ObjectiveWords.of(terms));
    }

    @Test
    void whereNothingCompletedNoLatencyHolds() {
        var terms = Objective.parse("max<1s").judge(1, Distribution.EMPTY);
        assertEquals(List.of(new ObjectiveTerm("max", 1e6, null, false)), terms);
        assertEquals("✗ max - (limit 1.00 s)", ObjectiveWords.of(terms));
    }
}
