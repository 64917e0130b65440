package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.run.value.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("interop")
class TargetsTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1:443, 127.0.0.1", "127.9.9.9:1, 127.9.9.9", "[::1]:65535, ::1", "localhost:80, localhost"})
    void loopbackNeedsNoAuthorization(String text, String host) {
        var address = Targets.of(Server.parse(text), List.of());
        assertEquals(host, address.host());
        assertEquals(Optional.empty(), address.authorizedBy());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9:443, 192.0.2.9", "192.0.2.9:443, 192.0.2.0/24", "192.0.2.9:443, 0.0.0.0/0",
        "192.0.2.9:443, 192.0.2.8/31", "[2001:db8::9]:443, 2001:db8::/32", "[2001:db8::9]:443, 2001:db8::9"})
    void anEntryThatCoversTheAddressAllowsIt(String text, String entry) {
        assertEquals(Optional.of(entry), Targets.of(Server.parse(text), List.of("198.51.100.1", entry)).authorizedBy());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9:443, 192.0.2.10", "192.0.2.9:443, 192.0.2.0/29", "192.0.2.9:443, 2001:db8::/32",
        "[2001:db8::9]:443, 192.0.2.0/24", "192.0.2.9:443, example.org"})
    void anotherEntryDoesNot(String text, String entry) {
        assertThrows(IllegalArgumentException.class, () -> Targets.of(Server.parse(text), List.of(entry)));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9:443, 192.0.2.9", "[2001:db8:0::9]:443, 2001:db8::9"})
    void aRefusalNamesTheAddressOnceInWhatWouldBeRight(String text, String address) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Targets.of(Server.parse(text), List.of()));
        assertEquals("will not load any but loopback addresses without permission; if you have it, add"
                + " --authorized-target " + address, refusal.getMessage());
    }

    @Test
    void entriesMayStandInAFile(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("mine"), "# ours\n\n192.0.2.0/24 # lab\n");
        assertEquals(Optional.of("192.0.2.0/24"),
                Targets.of(Server.parse("192.0.2.9:443"), List.of(file.toString())).authorizedBy());
        Files.writeString(file, "192.0.2.0/24\nnot an entry\n");
        assertThrows(IllegalArgumentException.class,
                () -> Targets.of(Server.parse("192.0.2.9:443"), List.of(file.toString())));
    }

    /** Each would stand for something else than meant, or for nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"10/8", "192.0.2/24", "192.0.2", "3221225985", "192.0.2.9.1", "192.0.2.256", "192.0.2.9/33",
        "192.0.2.9/-1", "192.0.2.9/", "/24", "2001:db8::/129", "2001:db8::g", "2001:db8::/x", "example.org/24", "a b",
        "*", ""})
    void aMalformedEntryIsRefusedWhateverTheOthersSay(String entry) {
        var refusal = assertThrows(IllegalArgumentException.class,
                () -> Targets.of(Server.parse("192.0.2.9:443"), List.of("192.0.2.9", entry)));
        assertTrue(refusal.getMessage().startsWith("'" + entry + "' is not a value for --authorized-target"),
                refusal::getMessage);
    }

    /** In a process that knows another host; versions that exclude each other end it once the target is allowed. */
    @ParameterizedTest
    @CsvSource({"LAB.example, --min-tls 1.3 is above", "other.example, will not load lab.example"})
    void aHostMayBeAllowedByItsName(String entry, String complaint, @TempDir Path directory)
            throws IOException, InterruptedException {
        var hosts = Files.writeString(directory.resolve("hosts"), "192.0.2.9 lab.example\n");
        var errors = directory.resolve("errors");
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts, "-cp", System.getProperty("java.class.path"),
                "dev.shakedown.cli.Main", "run", "lab.example:443", "--authorized-target", entry, "--min-tls",
                "1.3", "--tls", "1.2",
                "--out", directory.resolve("result").toString()).redirectErrorStream(true)
                .redirectOutput(errors.toFile()).start();
        try {
            assertTrue(process.waitFor(40, TimeUnit.SECONDS));
            var said = Files.readString(errors);
            assertEquals(2, process.exitValue(), said);
            assertTrue(said.contains(complaint), said);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
