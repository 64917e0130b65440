package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is said in one line that names it, before anything is sent or written. */
@Tag("interop")
class BadInputTest {
    @TempDir
    private Path directory;

    /** The arguments after {@code run}, the exit code, and what the message must name: the wrong and the right. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--foo | 2 | --foo | --help", "--raet 5 | 2 | --raet | did you mean --rate",
        "-rate 5 | 2 | -rate | did you mean --rate", "--from 5 | 2 | --from | 'shakedown capacity'",
        "-c 5 | 2 | -c | whole words", "--warmup 1s --count 1 --warmup 2s | 2 | twice | --warmup",
        "8443 | 2 | '8443' | 127.0.0.1:8443", "localhost:0 | 2 | 'localhost:0' | 1 to 65535",
        "localhost:65536 | 2 | 'localhost:65536' | 1 to 65535", "localhost:x | 2 | 'localhost:x' | HOST:PORT",
        "::1:443 | 2 | '::1:443' | [::1]:443", "http://localhost:443/ | 2 | 'http:// | https://localhost:443",
        "127.0.0.1:1 second.invalid | 3 | second.invalid | address",
        "127.0.0.1:1 --cipher TLS_FOO | 2 | 'TLS_FOO' | TLS_AES_128_GCM_SHA256",
        "127.0.0.1:1 --group secp521r1 | 2 | 'secp521r1' | x25519",
        "127.0.0.1:1 --transport smoke | 2 | 'smoke' | nio", "127.0.0.1:1 --tls 1.4 | 2 | 1.4 | 1.2",
        "127.0.0.1:1 --tls 1.3-1.2 | 2 | 1.3-1.2 | 1.2-1.3",
        "127.0.0.1:1 --tls 1.3 --cipher TLS_RSA_WITH_AES_128_GCM_SHA256 | 2 | TLSv1.2 | --tls 1.3",
        "127.0.0.1:1 --tls 1.2 --cipher TLS_AES_128_GCM_SHA256 | 2 | TLSv1.3 | --tls 1.2",
        "127.0.0.1:1 --tls 1.2-1.3 --cipher TLS_AES_128_GCM_SHA256 | 2 | TLSv1.2 | TLS_ECDHE_ECDSA",
        "127.0.0.1:1 --tls 1.3 --cipher TLS_FOO | 2 | 'TLS_FOO' | TLS_AES_128_GCM_SHA256",
        "127.0.0.1:1 --tls 1.2 --group X25519MLKEM768 | 2 | X25519MLKEM768 | --tls 1.3",
        "127.0.0.1:1 --tls 1.2-1.3 --group X25519MLKEM768 | 2 | before TLS 1.3 | x25519",
        "127.0.0.1:1 --min-tls 1.3 --tls 1.2 | 2 | --min-tls 1.3 | --tls 1.2",
        "127.0.0.1:1 --min-tls 1.2 --tls ssl3-1.1 | 2 | --min-tls 1.2 | lower",
        "127.0.0.1:1 --min-tls 1.0-1.1 --tls 1.2 | 2 | --min-tls: '1.0-1.1' | ssl3, 1.0, 1.1, 1.2 or 1.3",
        "127.0.0.1:1 --min-tls 2.0 | 2 | --min-tls: '2.0' | 1.3", "127.0.0.1:1 --min-tls <empty> | 2 | --min-tls | 1.3",
        "127.0.0.1:1 --tls 1.0-1.1-1.2 | 2 | 1.0-1.1-1.2 | 1.2-1.3", "127.0.0.1:1 --tls - | 2 | --tls: '-' | 1.2-1.3",
        "127.0.0.1:1 --tls ssl3 --cipher TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 | 2 | TLSv1.2 | --tls ssl3",
        "127.0.0.1:1 --tls 1.2 --min-tls 1.0 --cipher TLS_RSA_WITH_AES_128_GCM_SHA256 | 2 | TLSv1.1 | TLS_",
        "127.0.0.1:1 --tls 1.2 --compression deflate | 2 | null | deflate,null",
        "127.0.0.1:1 --tls 1.2 --compression zip,null | 2 | 'zip' | deflate",
        "127.0.0.1:1 --tls 1.2 --compression <empty> | 2 | '' | deflate",
        "127.0.0.1:1 --tls 1.2-1.3 --compression deflate,null | 2 | deflate | choose --tls 1.2",
        "127.0.0.1:1 --tls 1.2 --psk-mode ke | 2 | --psk-mode | --tls 1.3",
        "127.0.0.1:1 --tls 1.3 --psk-mode dhe | 2 | 'dhe' | dhe-ke, ke",
        "127.0.0.1:1 --tls 1.3 --no-tickets | 2 | --no-tickets | --mix full=1",
        "127.0.0.1:1 --complete-on never | 2 | 'never' | response",
        "127.0.0.1:1 --request <empty> | 2 | --request | 1 to 1048576",
        "127.0.0.1:1 --request a\\x | 2 | --request | \\r",
        "127.0.0.1:1 --ticket-timeout 0s | 2 | --ticket-timeout | longer",
        "127.0.0.1:1 --tls 1.2 --early-data 100 | 2 | --early-data | --tls 1.3",
        "127.0.0.1:1 --tls 1.3 --early-data 100 --mix full=1 | 2 | --early-data | --mix",
        "127.0.0.1:1 --tls 1.3 --early-data 5 | 2 | --early-data 5 | 1048576",
        "127.0.0.1:1 --client-key pom.xml | 2 | --client-key | --client-cert",
        "127.0.0.1:1 --client-cert <missing> | 2 | <missing> | read",
        "127.0.0.1:1 --client-cert pom.xml | 2 | pom.xml | PEM",
        "127.0.0.1:1 --client fancy | 2 | 'fancy' | realistic",
        "127.0.0.1:1 --key-share free | 2 | 'free' | base-point, reused, fresh",
        "127.0.0.1:1 --premaster x | 2 | 'x' | reused, fresh",
        "127.0.0.1:1 --provider bc | 2 | 'bc' | jdk, accp",
        "127.0.0.1:1 --verify maybe | 2 | 'maybe' | none, once, always",
        "127.0.0.1:1 --close gently | 2 | 'gently' | notify",
        "127.0.0.1:1 --format xml | 2 | 'xml' | json",
        "127.0.0.1:1 --verify once --ca <missing>.pem | 2 | <missing>.pem | PEM",
        "127.0.0.1:1 --verify once --ca pom.xml | 2 | pom.xml | PEM",
        "127.0.0.1:1 --ca pom.xml | 2 | --ca | --verify once", "127.0.0.1:1 --sni ünï | 2 | ünï | host name",
        "127.0.0.1:1 --alpn a,,b | 2 | '' | h2", "127.0.0.1:1 --mix full=0 | 2 | 'full=0' | full=1,resumed=4",
        "127.0.0.1:1 --concurrency 0 | 2 | --concurrency | at least 1",
        "127.0.0.1:1 --concurrency -5 | 2 | --concurrency: '-5' | whole number",
        "127.0.0.1:1 --concurrency 1.5 | 2 | '1.5' | whole number", "127.0.0.1:1 --rate 0 | 2 | --rate | 0.001",
        "127.0.0.1:1 --rate NaN | 2 | NaN | 0.001", "127.0.0.1:1 --rate 1e99 | 2 | --rate | 10000000",
        "127.0.0.1:1 --count 0 | 2 | --count | at least 1", "127.0.0.1:1 --duration 0s | 2 | --duration | longer",
        "127.0.0.1:1 --duration 10 | 2 | '10' | did you mean 10s?", "127.0.0.1:1 --duration -3s | 2 | '-3s' | 30s",
        "127.0.0.1:1 --timeout 0ms | 2 | --timeout | longer", "127.0.0.1:1 --threads 0 | 2 | --threads | at least 1",
        "127.0.0.1:1 --max-late 0s | 2 | --max-late | longer",
        "127.0.0.1:1 --max-in-flight 0 | 2 | --max-in-flight | at least 1",
        "127.0.0.1:1 --resume-uses 0 | 2 | --resume-uses | at least 1",
        "127.0.0.1:1 --concurrency 1 --rate 1 | 2 | --concurrency | --rate",
        "127.0.0.1:1 --count 1 --duration 1s | 2 | --count | --duration",
        "127.0.0.1:1 --arrivals poisson | 2 | --arrivals | --rate",
        "127.0.0.1:1 --source-address nowhere | 2 | 'nowhere' | 127.0.1.0/24",
        "127.0.0.1:1 --source-address ::1 | 2 | --source-address | IPv4",
        "127.0.0.1:1 --source-address 127.0.0.1,192.0.2.1 | 2 | --source-address 192.0.2.1 is not an address of this"
                + " machine | name one that is",
        "127.0.0.1:1 --server-pid 999999999 | 2 | 999999999 | process", "--server-pid 1 | 2 | --server-pid | embedded",
        "127.0.0.1:1 --require-resumed 1.5 | 2 | --require-resumed | 0 to 1",
        "127.0.0.1:1 --require-resumed 0.5 --mix full=1 | 2 | --require-resumed | --mix",
        "192.0.2.1:443 | 2 | 192.0.2.1 | --authorized-target",
        "192.0.2.1:443 --authorized-target 192.0.2.0/33 | 2 | '192.0.2.0/33' | 192.0.2.0/24",
        "192.0.2.1:443 --authorized-target 198.51.100.0/24 | 2 | 192.0.2.1 | --authorized-target",
        "no-such-host.invalid:443 | 3 | no-such-host.invalid | address",
        "127.0.0.1:1 --concurrency 2000000000 | 3 | 2000000000 | ulimit -n",
        "127.0.0.1:1 --concurrency 2147483647 | 3 | 2147483647 | ulimit -n",
        "127.0.0.1:1 --concurrency 2147483648 | 2 | 2147483648 | at most 2147483647",
        "localhost:99999999 | 2 | 'localhost:99999999' | 1 to 65535", "::1:8443 | 2 | '::1:8443' | [::1]:8443",
        "[::1:443 | 2 | '[::1:443' | [::1]:443", ":443 | 2 | ':443' | HOST:PORT",
        "127.0.0.1:-1 | 2 | '127.0.0.1:-1' | 1 to 65535", "<empty> | 2 | '' | HOST:PORT",
        "127.0.0.1:1 --rate -1 | 2 | '-1' | 0.001", "127.0.0.1:1 --rate Infinity | 2 | Infinity | 0.001",
        "127.0.0.1:1 --rate 1,5 | 2 | '1,5' | did you mean 1.5", "127.0.0.1:1 --count -1 | 2 | '-1' | whole number",
        "127.0.0.1:1 --count 9223372036854775807 | 2 | --count | at most 1000000000000",
        "127.0.0.1:1 --count 9223372036854775808 | 2 | --count | at most",
        "127.0.0.1:1 --rate 1 --threads 100000 | 2 | --threads | at most 1024",
        "127.0.0.1:1 --connect-timeout 0s | 2 | --connect-timeout | longer",
        "127.0.0.1:1 --duration 999999999h | 2 | '999999999h' | at most 10000h",
        "127.0.0.1:1 --warmup 10001h | 2 | '10001h' | at most 10000h",
        "127.0.0.1:1 --timeout 999999999h | 2 | '999999999h' | at most 10000h",
        "127.0.0.1:1 --arrivals bursts --rate 1 | 2 | 'bursts' | poisson",
        "127.0.0.1:1 --mix full=1,full=2 | 2 | 'full=1,full=2' | full=1,resumed=4",
        "127.0.0.1:1 --mix half=1 | 2 | 'half=1' | full=1,resumed=4",
        "127.0.0.1:1 --server-pid -1 | 2 | -1 | process", "127.0.0.1:1 --server-pid 1 | 2 | --server-pid 1 | not the"
                + " server",
        "127.0.0.1:1 --server-pid auto | 2 | --server-pid auto | 127.0.0.1:1",
        "a,b@127.0.0.1:1 | 2 | 'a,b' | www.example.org", "@127.0.0.1:1 | 2 | '@127.0.0.1:1' | www.example.org",
        "127.0.0.1:1 --sni a,,b | 2 | '' | www.example.org", "127.0.0.1:1 --server-pid me | 2 | 'me' | auto or none",
        "127.0.0.1:1 --require-completed 1.5 | 2 | --require-completed | 0 to 1",
        "127.0.0.1:1 --require-completed NaN | 2 | 'NaN' | 0 to 1",
        "127.0.0.1:1 --require-resumed NaN | 2 | NaN | 0 to 1",
        "127.0.0.1:1 --require-resumed -0.1 | 2 | -0.1 | 0 to 1",
        "127.0.0.1:1 --verify once --ca . | 2 | --ca | PEM", "--cipher | 2 | --cipher | SUITE",
        "[2001:db8::9]:443 | 2 | 2001:db8::9 | --authorized-target",
        "192.0.2.1:443 --authorized-target 192.0.2/24 | 2 | '192.0.2/24' | 192.0.2.0/24",
        "192.0.2.1:443 --authorized-target <empty> | 2 | '' | 192.0.2.0/24"})
    void isSaidInOneLine(String arguments, int exitCode, String wrong, String right) {
        var out = directory.resolve("result");
        var command = new ArrayList<>(List.of("run", "--out", out.toString()));
        command.addAll(words(arguments));
        var run = CommandRun.of(command.toArray(String[]::new));
        assertEquals(exitCode, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("shakedown: ") && run.err().contains(here(wrong)) && run.err().contains(right),
                run::err);
        assertEquals("", run.out());
        assertFalse(Files.exists(out));
    }

    /** The other commands: all arguments, exit code, and what the line must say. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"load | 2 | 'load' | report",
        "run --out <empty> 127.0.0.1:1 | 2 | --out | leave it out", "run --out | 2 | --out | DIR",
        "report | 2 | holds no results | --help", "report a b | 2 | 'b' | one RESULT",
        "report a --format xml | 2 | 'xml' | json",
        "report pom.xml | 2 | pom.xml | result of a run", "target extra | 2 | 'extra' | options only",
        "target --listen here | 2 | 'here' | HOST:PORT",
        "target --listen 4433 | 2 | '4433' | did you mean 127.0.0.1:4433",
        "target --listen 127.0.0.1:65536 | 2 | '127.0.0.1:65536' | HOST:PORT",
        "target --listen 192.0.2.1:0 | 3 | 192.0.2.1:0 | --listen", "target --engine steam | 2 | 'steam' | jdk",
        "target --transport smoke | 2 | 'smoke' | nio", "target --threads 0 | 2 | --threads | at least 1",
        "target --cert pom.xml | 2 | --cert | --key", "target --key pom.xml | 2 | --cert | --key",
        "target --cert <missing> --key <missing> | 2 | <missing> | read",
        "trace nowhere.invalid | 3 | nowhere.invalid | address",
        "trace 192.0.2.1:443 | 2 | 192.0.2.1 | --authorized-target",
        "trace 127.0.0.1:1 --timeout 0s | 2 | --timeout | longer",
        "trace 127.0.0.1:1 --format xml | 2 | 'xml' | json",
        "trace 127.0.0.1:1 --pcap <missing>/x.pcap | 2 | <missing>/x.pcap | directory",
        "trace 127.0.0.1:1 --keylog <missing>/keys | 2 | <missing>/keys | directory",
        "trace 127.0.0.1:1 --request <empty> | 2 | --request | 1 to 1048576",
        "trace 127.0.0.1:1 127.0.0.1:2 | 2 | 127.0.0.1:2 | one HOST:PORT", "scan | 2 | HOST:PORT | 127.0.0.1:8443",
        "scan nowhere.invalid | 3 | nowhere.invalid | address",
        "scan 192.0.2.1:443 | 2 | 192.0.2.1 | --authorized-target",
        "scan 127.0.0.1:1 --ticket-age soon | 2 | 'soon' | 30s",
        "scan 127.0.0.1:1 --timeout 0s | 2 | --timeout | longer",
        "scan 127.0.0.1:1 --client-cert <missing> | 2 | <missing> | read",
        "scan 127.0.0.1:1 --client-key pom.xml | 2 | --client-key | --client-cert",
        "scan 127.0.0.1:1 | 3 | 127.0.0.1:1 | nothing listens",
        "scan a:1 b:1 c:1 d:1 e:1 f:1 g:1 h:1 i:1 | 2 | 9 servers | at most 8",
        "target --write-ca <missing>/ca.pem | 2 | <missing>/ca.pem | written"})
    void isSaidByEveryCommand(String arguments, int exitCode, String wrong, String right) {
        var run = CommandRun.of(words(arguments).toArray(String[]::new));
        assertEquals(exitCode, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("shakedown: ") && run.err().contains(here(wrong)) && run.err().contains(right),
                run::err);
        assertEquals("", run.out());
    }

    private List<String> words(String arguments) {
        return Arrays.stream(arguments.split(" ")).map(word -> word.equals("<empty>") ? "" : here(word)).toList();
    }

    /** With a path in this test's own directory, at which nothing is, instead of {@code <missing>}. */
    private String here(String text) {
        return text.replace("<missing>", directory.resolve("missing").toString());
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
