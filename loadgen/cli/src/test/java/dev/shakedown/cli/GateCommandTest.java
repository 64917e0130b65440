package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("interop")
@Timeout(600)
class GateCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Of forks that only make up their figures. */
    private static final String SMALL = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    @TempDir
    private Path directory;

    private Path jar(String name, double factor) throws IOException {
        return jar(name, factor, "two");
    }

    /** A jar that looks like one of JMH's, in which everything takes {@code factor} times as long. */
    private Path jar(String name, double factor, String other) throws IOException {
        var file = directory.resolve(name);
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Main-Class", "org.openjdk.jmh.Main");
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var main = GateCommandTest.class.getResourceAsStream("/org/openjdk/jmh/Main.class")) {
            jar.putNextEntry(new JarEntry("org/openjdk/jmh/Main.class"));
            main.transferTo(jar);
            jar.putNextEntry(new JarEntry("factor.txt"));
            jar.write(String.valueOf(factor).getBytes(StandardCharsets.UTF_8));
            jar.putNextEntry(new JarEntry("other.txt"));
            jar.write(other.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private CommandRun gate(String... arguments) {
        return gate(directory.resolve("out"), arguments);
    }

    private static CommandRun gate(Path out, String... arguments) {
        var all = new ArrayList<>(List.of("gate"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--quiet", "--details", "--out", out.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    /** Why rows were not judged, where the machine or the generator was at fault; empty if it was not. */
    private static Optional<String> unfit(Path out) throws IOException {
        for (var row : JSON.readTree(out.resolve("gate.json").toFile()).get("rows")) {
            var because = row.get("because").asText();
            if (row.get("verdict").asText().equals("INCONCLUSIVE")
                    && (because.contains("the machine was unfit") || because.contains("at fault"))) {
                return Optional.of(because);
            }
        }
        return Optional.empty();
    }

    @Tag("truth")
    @Test
    void aSlowerJarFailsTwiceAndInEveryFormat() throws IOException, InterruptedException {
        var base = jar("base.jar", 1).toString();
        var head = jar("head.jar", 1.2).toString();
        BusyMachine.tolerate(number -> {
            var out = directory.resolve("slower" + number);
            var run = gate(out, "time", "--base", base, "--head", head, "--pairs", "8", "--jvm", SMALL);
            var unfit = unfit(out);
            if (unfit.isEmpty()) {
                assertFailed(run, out);
            }
            return unfit;
        });
    }

    private static void assertFailed(CommandRun run, Path out) throws IOException {
        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.out().startsWith("FAIL: ") && run.out().contains("and again by"), run::out);
        var names = new ArrayList<String>();
        for (var row : JSON.readTree(out.resolve("gate.json").toFile()).get("rows")) {
            names.add(row.get("name").asText());
            assertEquals(1.2, row.get("ratio").asDouble(), 0.02);
            assertEquals(16, row.get("pairs").asInt(), run::toString);
            assertEquals(2400, row.get("head").asDouble(), 60, "nanoseconds, whatever the benchmark's unit");
            assertEquals("ns", row.get("unit").asText());
        }
        assertEquals(List.of("Benchmark.one x", "Benchmark.one y"), names);
        assertTrue(Files.readString(out.resolve("gate.md")).contains("| FAIL |"));
        assertTrue(Files.readString(out.resolve("gate.xml")).contains("<failure"));
        assertEquals(2400, JSON.readTree(out.resolve("smaller-is-better.json").toFile()).at("/0/value").asDouble(), 60);
        // JMH's own format, with as many forks as were run.
        var forks = JSON.readTree(out.resolve("head.jmh.json").toFile()).get(0);
        assertEquals(16, forks.get("forks").asInt());
        assertEquals(16, forks.at("/primaryMetric/rawData").size());
        assertEquals(2.4, forks.at("/primaryMetric/score").asDouble(), 0.06);
    }

    /** A benchmark that only one side has is not a pass, and takes no forks to see that. */
    @Test
    void whatOnlyOneSideHasIsIncomparable() throws IOException {
        var run = gate("time", "--base", jar("base.jar", 1, "old").toString(), "--head",
                jar("head.jar", 1, "new").toString(), "--pairs", "8", "Benchmark.(old|new)", "--format", "markdown");
        assertEquals(4, run.exitCode(), run::toString);
        assertTrue(run.out().contains("| INCOMPARABLE | made.up.Benchmark.old |")
                && run.out().contains("only the base has it") && run.out().contains("only the head has it"), run::out);
    }

    /** A machine that is busy otherwise may be unfit to say so, but it never says that the same jar is slower. */
    @Tag("truth")
    @Test
    void theSameJarPasses() throws IOException, InterruptedException {
        var jar = jar("same.jar", 1).toString();
        BusyMachine.tolerate(number -> {
            var out = directory.resolve("same" + number);
            var run = gate(out, "time", "--base", jar, "--head", jar, "--pairs", "8", "--jmh", "-p p=x", "--jvm",
                    SMALL);
            var unfit = unfit(out);
            assertTrue(run.out().startsWith(unfit.isEmpty() ? "PASS" : "INCONCLUSIVE"), run::toString);
            assertEquals(unfit.isEmpty() ? 0 : 3, run.exitCode(), run::toString);
            return unfit;
        });
    }

    @Tag("truth")
    @Test
    void aSlowerServerFails() throws IOException, InterruptedException {
        try (var quick = TlsServer.start(TlsServerOptions.defaults().withWorkers(Duration.ofMillis(5).toNanos(), 20));
                var slow = TlsServer
                        .start(TlsServerOptions.defaults().withWorkers(Duration.ofMillis(15).toNanos(), 20))) {
            BusyMachine.tolerate(number -> {
                var out = directory.resolve("servers" + number);
                var run = gate(out, "load", "--base", HostPort.of(quick.address()), "--head",
                        HostPort.of(slow.address()) + " --tls 1.2 --warmup 100ms", "--rate", "100", "--block", "300ms",
                        "--pairs", "8");
                var unfit = unfit(out);
                var found = new ArrayList<String>();
                for (var row : JSON.readTree(out.resolve("gate.json").toFile()).get("rows")) {
                    if (row.get("name").asText().contains("service p50")) {
                        assertTrue(unfit.isPresent() || row.get("ratio").asDouble() > 1.5, row::toString);
                        found.add(row.get("verdict").asText());
                    }
                }
                if (unfit.isEmpty()) {
                    assertEquals(List.of("FAIL", "FAIL"), found, run::toString);
                    assertEquals(1, run.exitCode(), run::toString);
                }
                return unfit;
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            time --base nowhere.jar                                   | --base: there is no file nowhere.jar
            time --base no-such-commit                                | neither a jar nor a commit of this repository
            time --base x.jar --pairs 7                               | --pairs must be an even number from 8 to 200
            time --base x.jar --threshold 3                           | --threshold: '3' is not a share; write 0 to 1
            time                                                      | --base
            load --base 127.0.0.1:1 --head 127.0.0.1:1,--rate,5       | --head: there is no option --rate
            load --base 192.0.2.1:443 --head 127.0.0.1:1              | --authorized-target
            load --base 127.0.0.1:1 --head 127.0.0.1:1 --mix full=0   | full=1,resumed=4
            signals --on-inconclusive=maybe                           | maybe
            """)
    void whatIsWrongIsSaid(String options, String complaint) {
        var run = gate(List.of(options.split(" +")).stream().map(option -> option.replace(',', ' '))
                .map(option -> option.equals("full=1 resumed=4") ? "full=1,resumed=4" : option).toArray(String[]::new));
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    /** Not a fault of shakedown, and not of the user's words. */
    @Test
    void withoutTheBenchmarksItSaysHowToGetThem() {
        var run = gate("signals");
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().contains("scripts/shakedown"), run::err);
    }
}
