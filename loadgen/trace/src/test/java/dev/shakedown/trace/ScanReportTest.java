package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.trace.ScanResult.Resumption;
import dev.shakedown.trace.ScanResult.SplitHello;
import dev.shakedown.trace.ScanResult.Version;
import dev.shakedown.trace.Fleet.Age;
import dev.shakedown.trace.Fleet.End;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a scan prints. */
class ScanReportTest {
    private static String text(Version... versions) {
        return text(new Resumption(true, false, null, null), versions);
    }

    @Test
    void aServerThatForgetsOnResetIsToldApart() {
        assertTrue(text().contains("session ID yes, ticket no\n"), text());
        var forgets = text(new Resumption(true, false, null, null, false));
        assertTrue(forgets.contains("session ID yes, but not once the connection was reset, ticket no\n"), forgets);
    }

    @Test
    void howAClientHelloMayBeSplit() {
        assertTrue(text().contains("  split ClientHello       in two segments yes, in two records no\n"), text());
    }

    private static String text(Resumption resumption, Version... versions) {
        return new ScanReport(
                List.of(new ScanResult("server", List.of(versions), resumption, true, false, false,
                        new SplitHello(true, false), "none", List.of(),
                        List.of(), 9, 4, 1, List.of(), List.of(), null)),
                new Fleet(List.of(), List.of(), List.of())).text();
    }

    @ParameterizedTest
    @CsvSource({"SSLv3, false", "TLSv1.0, false", "TLSv1.1, false", "TLSv1.2, true", "TLSv1.3, true"})
    void signatureAlgorithmsWhereThereAreAny(String version, boolean named) {
        var text = text(new Version(version, List.of("SUITE"), null, List.of(), List.of()));
        assertEquals(named, text.contains("signatures"), text);
    }

    @Test
    void noVersionAtAll() {
        assertTrue(text().contains("versions                none of TLSv1.3 to SSLv3\n"), text());
    }

    @Test
    void whatWasDoneTwice() {
        assertTrue(
                text().contains(
                        "4, which had ended without an answer; 1 never had one, and what they tested is unknown"),
                text());
    }

    @Test
    void whereSessionsEnd() {
        assertEquals(new End("a", "psk", "10s", "1m"), end("1s+", "10s+", "1m-"));
        assertEquals(new End("a", "psk", null, "1s"), end("1s-", "10s-"));
        assertEquals(new End("a", "psk", "10s", null), end("1s+", "10s+"));
        assertEquals(new End("a", "psk", "1s", "10s"), end("1s+", "10s-", "1m+"));
        var text = new ScanReport(List.of(), new Fleet(List.of(), List.of(new Age("a", "psk", "1s", true, false)),
                List.of(new End("a", "psk", "1s", "10s"), new End("a", "ticket", null, "1s"),
                        new End("a", "sessionId", "10s", null))))
                .text();
        assertTrue(text.contains("a: sessions by psk are taken up to an age between 1s and 10s\n"), text);
        assertTrue(text.contains("a: sessions by ticket are taken at none of these ages"), text);
        assertTrue(text.contains("a: sessions by sessionId are taken at all of these ages, up to 10s\n"), text);
        assertFalse(text.contains("null"), text);
    }

    private static End end(String... ages) {
        return End.of(List.of(ages).stream()
                .map(age -> new Age("a", "psk", age.substring(0, age.length() - 1), age.endsWith("+"), false))
                .toList());
    }
}
