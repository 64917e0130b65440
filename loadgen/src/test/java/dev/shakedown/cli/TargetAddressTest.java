package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Each would stand for something else than meant, or for nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"10/8", "192.0.2/24", "192.0.2", "3221225985", "192.0.2.9.1", "192.0.2.256", "192.0.2.9/33",
        "192.0.2.9/-1", "192.0.2.9/", "/24", "2001:db8::/129", "2001:db8::g", "2001:db8::/x", "example.org/24", "a b",
        "*", ""})
    void aMalformedEntryIsRefusedWhateverTheOthersSay(String entry) {
        var refusal = assertThrows(IllegalArgumentException.class,
                () -> TargetAddress.parse("192.0.2.9:443", List.of("192.0.2.9", entry)));
        assertTrue(refusal.getMessage().startsWith("'" + entry + "' is no --authorized-target"), refusal::getMessage);
    }

    @Test
    void aHostMayBeAllowedByItsNameInAnyCase() throws IOException {
        var here = InetAddress.getLocalHost();
        assumeFalse(here.isLoopbackAddress() || TargetAddress.isLiteral(here.getHostName()),
                "not tested: this machine has no name that stands for anything but loopback");
        var name = here.getHostName();
        var entry = name.toUpperCase(Locale.ROOT);
        assertEquals(entry, TargetAddress.parse(name + ":443", List.of(entry)).authorizedBy());
        assertThrows(IllegalArgumentException.class, () -> TargetAddress.parse(name + ":443", List.of("not-" + name)));
    }
}
