package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.target.Target;
import dev.shakedown.target.TargetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class GateCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    /** A jar that looks like one of JMH's, in which everything takes {@code factor} times as long. */
    private Path jar(String name, double factor) throws IOException {
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
        }
        return file;
    }

    private CommandRun gate(String... arguments) {
        var all = new ArrayList<>(List.of("gate"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--quiet", "--out", directory.resolve("out").toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void aSlowerJarFailsTwiceAndInEveryFormat() throws IOException {
        var run = gate("time", "--base", jar("base.jar", 1).toString(), "--head", jar("head.jar", 1.2).toString(),
                "--pairs", "8");
        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.out().startsWith("FAIL: ") && run.out().contains("and again by"), run::out);
        var out = directory.resolve("out");
        var row = JSON.readTree(out.resolve("gate.json").toFile()).at("/rows/0");
        assertEquals("Benchmark.one x", row.get("name").asText());
        assertEquals(1.2, row.get("ratio").asDouble(), 0.02);
        assertEquals(16, row.get("pairs").asInt());
        assertTrue(Files.readString(out.resolve("gate.md")).contains("| FAIL |"));
        assertTrue(Files.readString(out.resolve("gate.xml")).contains("<failure"));
        assertEquals(2400, JSON.readTree(out.resolve("smaller-is-better.json").toFile()).at("/0/value").asDouble(), 60);
        // JMH's own format, with as many forks as were run.
        var forks = JSON.readTree(out.resolve("head.jmh.json").toFile()).get(0);
        assertEquals(16, forks.get("forks").asInt());
        assertEquals(16, forks.at("/primaryMetric/rawData").size());
        assertEquals(2.4, forks.at("/primaryMetric/score").asDouble(), 0.06);
    }

    /** A machine that is busy with other tests may be unfit to say so, but it never says that the same jar is slower. */
    @Test
    void theSameJarDoesNotFail() throws IOException {
        var jar = jar("same.jar", 1).toString();
        var run = gate("time", "--base", jar, "--head", jar, "--pairs", "8");
        assertNotEquals(1, run.exitCode(), run::toString);
        assertTrue(run.out().startsWith("PASS") && run.exitCode() == 0
                || run.out().startsWith("INCONCLUSIVE") && run.exitCode() == 3, run::toString);
    }

    @Test
    void aSlowerServerFails() throws IOException {
        try (var quick = Target.start(TargetOptions.defaults().withWorkers(Duration.ofMillis(5).toNanos(), 20));
                var slow = Target.start(TargetOptions.defaults().withWorkers(Duration.ofMillis(15).toNanos(), 20))) {
            var run = gate("load", "--base", TargetAddress.text(quick.address()), "--head",
                    TargetAddress.text(slow.address()) + " --tls 1.2 --warmup 100ms", "--rate", "50", "--block",
                    "400ms",
                    "--pairs", "8");
            var rows = JSON.readTree(directory.resolve("out").resolve("gate.json").toFile()).get("rows");
            var found = 0;
            for (var row : rows) {
                if (row.get("name").asText().contains("service p50")) {
                    found++;
                    assertTrue(row.get("ratio").asDouble() > 1.5, row::toString);
                    // Unless this machine was unfit to tell.
                    assertTrue(row.get("verdict").asText().equals("FAIL")
                            || row.get("because").asText().contains("unfit"), row::toString);
                }
            }
            assertEquals(2, found, run::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            time --base nowhere.jar                                   | --base: there is no file nowhere.jar
            time --base no-such-commit                                | neither a jar nor a commit of this repository
            time --base x.jar --pairs 7                               | --pairs must be an even number from 8 to 200
            time --base x.jar --threshold 3                           | --threshold must be from 0.1% to 1000%
            time                                                      | --base
            load --base 127.0.0.1:1 --head 127.0.0.1:1,--rate,5       | --head: Unknown option
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
