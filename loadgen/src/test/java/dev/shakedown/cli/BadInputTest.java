package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is said in one line that names it, before anything is sent or written. */
class BadInputTest {
    @TempDir
    private Path directory;

    /** The arguments behind {@code run}, exit code, and what the line must say: the wrong thing and the right one. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--foo | 2 | --foo | --format", "--warmup 1s --count 1 --warmup 2s | 2 | twice | --warmup",
        "localhost | 2 | 'localhost' | HOST:PORT", "localhost:0 | 2 | 'localhost:0' | 1 to 65535",
        "localhost:65536 | 2 | 'localhost:65536' | 1 to 65535", "localhost:x | 2 | 'localhost:x' | HOST:PORT",
        "::1:443 | 2 | '::1:443' | [::1]:443", "https://localhost:443/ | 2 | https | HOST:PORT",
        "127.0.0.1:1 127.0.0.1:2 | 2 | 127.0.0.1:2 | help",
        "127.0.0.1:1 --cipher TLS_FOO | 2 | 'TLS_FOO' | TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "127.0.0.1:1 --group secp521r1 | 2 | 'secp521r1' | x25519",
        "127.0.0.1:1 --transport smoke | 2 | 'smoke' | nio", "127.0.0.1:1 --tls 1.4 | 2 | 1.4 | 1.2",
        "127.0.0.1:1 --client fancy | 2 | 'fancy' | REALISTIC",
        "127.0.0.1:1 --key-share free | 2 | 'free' | base-point, reused, fresh",
        "127.0.0.1:1 --premaster x | 2 | 'x' | reused, fresh",
        "127.0.0.1:1 --verify maybe | 2 | 'maybe' | none, once, always",
        "127.0.0.1:1 --close gently | 2 | 'gently' | NOTIFY",
        "127.0.0.1:1 --format xml | 2 | 'xml' | JSON",
        "127.0.0.1:1 --verify once --ca /nonexistent.pem | 2 | /nonexistent.pem | PEM",
        "127.0.0.1:1 --verify once --ca pom.xml | 2 | pom.xml | PEM",
        "127.0.0.1:1 --ca pom.xml | 2 | --ca | --verify once", "127.0.0.1:1 --sni ünï | 2 | ünï | host name",
        "127.0.0.1:1 --alpn a,,b | 2 | '' | h2", "127.0.0.1:1 --mix full=0 | 2 | 'full=0' | full=1,resumed=4",
        "127.0.0.1:1 --concurrency 0 | 2 | --concurrency | at least 1",
        "127.0.0.1:1 --concurrency -5 | 2 | --concurrency | at least 1",
        "127.0.0.1:1 --concurrency 1.5 | 2 | '1.5' | int", "127.0.0.1:1 --rate 0 | 2 | --rate | 0.001",
        "127.0.0.1:1 --rate NaN | 2 | NaN | 0.001", "127.0.0.1:1 --rate 1e99 | 2 | --rate | 10000000",
        "127.0.0.1:1 --count 0 | 2 | --count | at least 1", "127.0.0.1:1 --duration 0s | 2 | --duration | longer",
        "127.0.0.1:1 --duration 10 | 2 | '10' | 30s", "127.0.0.1:1 --duration -3s | 2 | '-3s' | 30s",
        "127.0.0.1:1 --timeout 0ms | 2 | --timeout | longer", "127.0.0.1:1 --threads 0 | 2 | --threads | at least 1",
        "127.0.0.1:1 --max-in-flight 0 | 2 | --max-in-flight | at least 1",
        "127.0.0.1:1 --resume-uses 0 | 2 | --resume-uses | at least 1",
        "127.0.0.1:1 --concurrency 1 --rate 1 | 2 | --concurrency | --rate",
        "127.0.0.1:1 --count 1 --duration 1s | 2 | --count | --duration",
        "127.0.0.1:1 --arrivals poisson | 2 | --arrivals | --rate",
        "127.0.0.1:1 --source-address nowhere | 2 | 'nowhere' | 127.0.1.0/24",
        "127.0.0.1:1 --source-address ::1 | 2 | --source-address | IPv4",
        "127.0.0.1:1 --server-pid 999999999 | 2 | 999999999 | process", "--server-pid 1 | 2 | --server-pid | embedded",
        "127.0.0.1:1 --require-resumed 1.5 | 2 | --require-resumed | 0 to 1",
        "127.0.0.1:1 --require-resumed 0.5 --mix full=1 | 2 | --require-resumed | --mix",
        "192.0.2.1:443 | 2 | 192.0.2.1 | --authorized-target",
        "192.0.2.1:443 --authorized-target 192.0.2.0/33 | 2 | '192.0.2.0/33' | 192.0.2.0/24",
        "192.0.2.1:443 --authorized-target 198.51.100.0/24 | 2 | 192.0.2.1 | --authorized-target",
        "no-such-host.invalid:443 | 3 | no-such-host.invalid | address",
        "127.0.0.1:1 --concurrency 2000000000 | 3 | 2000000000 | ulimit -n"})
    void isSaidInOneLine(String arguments, int exitCode, String wrong, String right) {
        var out = directory.resolve("result");
        var command = new ArrayList<>(List.of("run", "--out", out.toString()));
        command.addAll(List.of(arguments.split(" ")));
        var run = CommandRun.of(command.toArray(String[]::new));
        assertEquals(exitCode, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("shakedown: ") && run.err().contains(wrong) && run.err().contains(right),
                run::err);
        assertEquals("", run.out());
        assertFalse(Files.exists(out));
    }

    @Test
    void noCommandAtAllNamesTheFirstOneToTry() {
        var run = CommandRun.of();
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("shakedown run"), run::err);
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Files.writeString(directory.resolve("run.json"), "precious");
        var run = CommandRun.of("run", "127.0.0.1:1", "--out", directory.toString());
        assertEquals(2, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().contains(directory.toString()), run::err);
        assertEquals("precious", Files.readString(directory.resolve("run.json")));
    }

    @Test
    void aResultDirectoryThatCannotBeMadeIsNamed() throws IOException {
        var file = Files.createFile(directory.resolve("file"));
        var run = CommandRun.of("run", "127.0.0.1:1", "--out", file.resolve("below").toString());
        assertEquals(2, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().contains("below"), run::err);
    }

    @ParameterizedTest
    @CsvSource({"missing", "broken"})
    void aReportNeedsAResult(String kind) throws IOException {
        if (kind.equals("broken")) {
            Files.writeString(directory.resolve("run.json"), "{\"tool\":");
        }
        var run = CommandRun.of("report", directory.toString());
        assertEquals(2, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().contains("run.json"), run::err);
    }
}
