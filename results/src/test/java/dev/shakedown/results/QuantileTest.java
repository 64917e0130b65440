package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantileTest {
    @ParameterizedTest
    @CsvSource({"0, ''", "1, p50 p90 p95 p99 p999", "199, p50 p90 p95 p99 p999", "200, p90 p95 p99 p999",
        "999, p90 p95 p99 p999", "1000, p95 p99 p999", "1999, p95 p99 p999", "2000, p99 p999", "9999, p99 p999",
        "10000, p999", "99999, p999", "100000, ''", "8000000000, ''"})
    void aHundredSamplesMustLieBeyondIt(long samples, String few) {
        var names = Stream.of(few.split(" ")).filter(name -> !name.isEmpty()).toList();
        assertEquals(names, Quantile.fewBeyond(samples).stream().map(Quantile::jsonName).toList());
        assertEquals(names, new Distribution(samples, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0).fewBeyond());
        assertEquals(List.of(), Distribution.EMPTY.fewBeyond());
    }
}
