package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetAddressTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1:443, 127.0.0.1", "127.9.9.9:1, 127.9.9.9", "[::1]:65535, ::1", "localhost:80, localhost"})
    void loopbackNeedsNoAuthorization(String text, String host) {
        var address = TargetAddress.parse(text, List.of());
        assertEquals(host, address.host());
        assertNull(address.authorizedBy());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9:443, 192.0.2.9", "192.0.2.9:443, 192.0.2.0/24", "192.0.2.9:443, 0.0.0.0/0",
        "192.0.2.9:443, 192.0.2.8/31", "[2001:db8::9]:443, 2001:db8::/32", "[2001:db8::9]:443, 2001:db8::9"})
    void anEntryThatCoversTheAddressAllowsIt(String text, String entry) {
        assertEquals(entry, TargetAddress.parse(text, List.of("198.51.100.1", entry)).authorizedBy());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9:443, 192.0.2.10", "192.0.2.9:443, 192.0.2.0/29", "192.0.2.9:443, 2001:db8::/32",
        "[2001:db8::9]:443, 192.0.2.0/24", "192.0.2.9:443, example.org"})
    void anotherEntryDoesNot(String text, String entry) {
        assertThrows(IllegalArgumentException.class, () -> TargetAddress.parse(text, List.of(entry)));
    }

    @Test
    void entriesMayStandInAFile(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("mine"), "# ours\n\n192.0.2.0/24 # lab\n");
        assertEquals("192.0.2.0/24",
                TargetAddress.parse("192.0.2.9:443", List.of(file.toString())).authorizedBy());
        Files.writeString(file, "192.0.2.0/24\nnot an entry\n");
        assertThrows(IllegalArgumentException.class,
                () -> TargetAddress.parse("192.0.2.9:443", List.of(file.toString())));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "5m, 300000", "1h, 3600000", "1.5s, 1500", "0s, 0"})
    void durationsAreWrittenWithTheirUnit(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), new Durations().convert(text));
    }
}
