package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where secrets go, nobody else reads. */
@Tag("interop")
class KeyLogTest {
    @TempDir
    private Path directory;

    @Test
    void aFileThatAllCouldReadIsTheOwnersAlone() throws Exception {
        var file = Files.writeString(directory.resolve("keys.log"), "# older\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (var server = new ChoosyServer(ChoosyServer.Visit::serve)) {
            var run = CommandRun.of("trace", "127.0.0.1:" + server.port(), "--tls", "1.2", "--keylog", file.toString());
            assertEquals(0, run.exitCode(), run::toString);
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        var text = Files.readString(file);
        assertTrue(text.matches("# older\nCLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n"), text);
    }
}
