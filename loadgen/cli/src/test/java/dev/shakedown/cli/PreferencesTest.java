package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options from the environment and from a file, and which of them count. */
class PreferencesTest {
    @TempDir
    Path home;

    private Path config;

    @BeforeEach
    void makeDirectory() throws IOException {
        config = Files.createDirectory(home.resolve(".config")).resolve("shakedown.yaml");
    }

    /** The words after the command's name. */
    private String arguments(Map<String, String> environment, String... typed) {
        var all = new Preferences(Main.commandLine(), List.of(typed), new Preferences.Source(environment, home))
                .arguments();
        assertEquals(typed[0], all.getFirst());
        return String.join(" ", all.subList(1, all.size()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"run | --rate=500", "run --mix 1/2 | --rate=500 --mix 1/2",
        "run --rate 7 | --rate 7", "run --rate=7 | --rate=7", "run -- --rate 7 | --rate=500 -- --rate 7",
        "run --concurrency 8 | --concurrency 8", "run --ramp 1-2 | --ramp 1-2", "run --count 9 | --rate=500 --count 9",
        "trace | ''", "cost | --rate=500"})
    void theEnvironmentSetsWhatTheCommandHasAndNobodyTyped(String typed, String expected) {
        assertEquals(expected, arguments(Map.of("SHAKEDOWN_RATE", "500", "SHAKEDOWN_JAVA_OPTS", "-Xmx1g", "RATE", "1"),
                typed.split(" ")));
    }

    @Test
    void flagsAreTrueOrFalse() {
        assertEquals("--quiet", arguments(Map.of("SHAKEDOWN_QUIET", "yes"), "run"));
        assertEquals("", arguments(Map.of("SHAKEDOWN_QUIET", "0"), "run"));
        assertEquals("--no-tickets", arguments(Map.of("SHAKEDOWN_TICKETS", "false"), "run"));
        assertEquals("--tickets", arguments(Map.of("SHAKEDOWN_TICKETS", "false"), "run", "--tickets"));
        assertEquals("SHAKEDOWN_QUIET sets --quiet to 'often', which is neither true nor false",
                assertThrows(IllegalArgumentException.class, () -> arguments(Map.of("SHAKEDOWN_QUIET", "often"), "run"))
                        .getMessage());
    }

    @Test
    void theFileComesAfterTheEnvironmentAndACommandsSectionBeforeAll() throws IOException {
        Files.writeString(config, """
                rate: 500
                timeout: 3s
                tls: 1.3
                run:
                  timeout: 4s
                gate:
                  time:
                    pairs: 5
                """);
        assertEquals("--rate=500 --timeout=4s --tls=1.3",
                sorted(arguments(Map.of(), "run"), "--rate", "--timeout", "--tls"));
        assertEquals("--timeout=9s --rate 1 --tls 1.2",
                arguments(Map.of("SHAKEDOWN_TIMEOUT", "9s"), "run", "--rate", "1", "--tls", "1.2"));
        assertEquals("--concurrency=4 --timeout=4s --tls=1.3", sorted(
                arguments(Map.of("SHAKEDOWN_CONCURRENCY", "4"), "run"), "--concurrency", "--timeout", "--tls"));
        assertEquals("--timeout=3s --tls=1.3", sorted(arguments(Map.of(), "trace"), "--timeout", "--tls"));
    }

    /** In an order of their own, as that of options may change. */
    private static String sorted(String arguments, String... names) {
        var words = arguments.split(" ");
        assertEquals(names.length, words.length, arguments);
        return String.join(" ", Arrays.stream(names)
                .map(name -> Arrays.stream(words).filter(word -> word.startsWith(name + "=")).findFirst().orElse("?"))
                .toList());
    }

    @Test
    void anotherFileCanBeNamedOrNone() throws IOException {
        Files.writeString(config, "rate: 500\n");
        var other = Files.writeString(home.resolve("other.yaml"), "rate: 7\n").toString();
        assertEquals("--rate=7 --config " + other, arguments(Map.of(), "run", "--config", other));
        assertEquals("--rate=7", arguments(Map.of("SHAKEDOWN_CONFIG", other), "run"));
        assertEquals("", arguments(Map.of("SHAKEDOWN_CONFIG", ""), "run"));
        var xdg = Files.createDirectory(home.resolve("xdg"));
        Files.writeString(xdg.resolve("shakedown.yaml"), "rate: 8\n");
        assertEquals("--rate=8", arguments(Map.of("XDG_CONFIG_HOME", xdg.toString()), "run"));
        assertEquals("--config " + home.resolve("none") + " cannot be read",
                assertThrows(IllegalArgumentException.class,
                        () -> arguments(Map.of(), "run", "--config=" + home.resolve("none"))).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"rtae: 500 | : there is no option or command 'rtae'; did you mean rate?",
        "run: {rtae: 5} | : there is no option or command 'rtae'; did you mean rate?",
        "500 | : it must hold options and their values, such as rate: 500",
        "run: 500 | : run must hold options and their values, such as rate: 500",
        "'rate: [5' | , line 1: this is not valid YAML"})
    void aFileThatIsWrongIsRefused(String text, String complaint) throws IOException {
        Files.writeString(config, text + "\n");
        assertEquals(config + complaint,
                assertThrows(IllegalArgumentException.class, () -> arguments(Map.of(), "run")).getMessage());
    }

    private CommandRun run(Map<String, String> environment, String... typed) {
        var out = new StringWriter();
        var err = new StringWriter();
        var code = Main.execute(Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)),
                new Preferences.Source(environment, home), typed);
        return new CommandRun(code, out.toString(), err.toString());
    }

    @Test
    void aRefusalNamesWhereAnOptionThatNobodyTypedIsFrom() throws IOException {
        var wrong = run(Map.of("SHAKEDOWN_RATE", "fast"), "run");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("(--rate is from SHAKEDOWN_RATE)"), wrong.err());
        assertEquals(1, wrong.err().lines().count());
        Files.writeString(config, "arrivals: poisson\n");
        var alone = run(Map.of(), "run");
        assertTrue(alone.err().contains("--arrivals is from " + config), alone.err());
        assertEquals(2, alone.exitCode());
    }

    @Test
    void whatCountsIsPrintedWithWhereItIsFrom() throws IOException {
        Files.writeString(config, "timeout: 3s\nmix: 1/1\n");
        var plan = Files.writeString(home.resolve("plan.yaml"), """
                options:
                  mix: 20/80
                phases:
                - duration: 1s
                  rate: 5
                """);
        var printed = run(Map.of("SHAKEDOWN_QUIET", "true", "SHAKEDOWN_RATE", "9"), "run", "--print-config", "--plan",
                plan.toString(), "--out", "there");
        assertEquals(0, printed.exitCode(), printed.err());
        for (var line : List.of("--out there command line", "--timeout 3s " + config, "--quiet true SHAKEDOWN_QUIET",
                "--mix 20/80 " + plan, "--rate - default", "--warmup 2s default", "--duration 10s default",
                "--strict false default")) {
            assertTrue(printed.out().lines().map(each -> each.replaceAll(" +", " ")).anyMatch(line::equals),
                    () -> line + " is not in:\n" + printed.out());
        }
        assertTrue(Files.notExists(Path.of("there")), "nothing else is done");
    }
}
