package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is asked for instead of done. */
class HelpTest {
    private static Stream<List<String>> commands() {
        return below(Main.commandLine());
    }

    private static Stream<List<String>> below(CommandLine command) {
        var words = Arrays.asList(command.getCommandSpec().qualifiedName().split(" "));
        return Stream.concat(Stream.of(words.subList(1, words.size())),
                command.getSubcommands().values().stream().distinct().flatMap(HelpTest::below));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isOneScreenWithExamples(List<String> command) {
        var lines = help(command, "--help");
        assertTrue(lines.size() <= HelpText.SCREEN, () -> String.join("\n", lines));
        assertFits(lines);
        assertEquals(1, lines.stream().filter("Examples:"::equals).count(), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("  shakedown " + String.join(" ", command))),
                () -> String.join("\n", lines));
        assertTrue(lines.stream().noneMatch(line -> line.endsWith("...")), () -> String.join("\n", lines));
        assertEquals("Everything: " + Stream.concat(Stream.of("shakedown"), command.stream())
                .collect(Collectors.joining(" ")) + " --help all", lines.getLast());
        assertEquals(lines, help(command, "-h"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isWholeIfAllIsAskedFor(List<String> command) {
        var lines = help(command, "--help", "all");
        assertFits(lines);
        var spec = Main.commandLine();
        for (var word : command) {
            spec = spec.getSubcommands().get(word);
        }
        var text = String.join("\n", lines);
        spec.getCommandSpec().options().stream().filter(option -> !option.hidden())
                .forEach(option -> assertTrue(text.contains(option.longestName().replaceFirst("^--", "")),
                        option.longestName()));
        assertEquals(lines, help(command, "--help=all"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isACommandAsWell(List<String> command) {
        var words = Stream.concat(Stream.of("help"), command.stream());
        assertEquals(help(command, "--help"), CommandRun.of(words.toArray(String[]::new)).out().lines().toList());
    }

    private static void assertFits(List<String> lines) {
        lines.forEach(line -> assertTrue(line.length() <= HelpText.WIDTH, line));
    }

    private static List<String> help(List<String> command, String... words) {
        var run = CommandRun.of(Stream.concat(command.stream(), Stream.of(words)).toArray(String[]::new));
        assertEquals(0, run.exitCode(), run::err);
        assertEquals("", run.err());
        return run.out().lines().toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"foo --help | there is no command 'foo'; the commands are bench, ",
        "foo -h | there is no command 'foo'", "help foo | there is no command 'foo'",
        "runn --help | there is no command 'runn'; did you mean 'shakedown run'?",
        "gate tiem --help | there is no command 'tiem' of gate; did you mean 'shakedown gate time'?",
        "help gate foo | there is no command 'foo' of gate; the commands are load, selftest, signals, time",
        "foo | there is no command 'foo'", "--list | --list: '' is not one of ciphers, groups, signatures, objectives",
        "--list grups | did you mean groups?"})
    void anUnknownCommandIsNoHelp(String arguments, String complaint) {
        var run = CommandRun.of(arguments.split(" "));
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("shakedown: ") && run.err().contains(complaint), run::err);
    }

    /** Whatever else is wrong with the line. */
    @ParameterizedTest
    @ValueSource(strings = {"run --raet 5 --help", "run --rate x -h", "scan --help", "run 8443 --help", "help run",
        "help help", "help --help"})
    void helpComesFirst(String arguments) {
        var run = CommandRun.of(arguments.split(" "));
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().startsWith("Usage: shakedown "), run::out);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ciphers | TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256         ECDHE-RSA-AES128-GCM-SHA256",
        "groups | secp256r1                                     P-256, prime256v1",
        "signatures | ed25519", "objectives | mean<TIME, max<TIME                         of the same latencies"})
    void whatThereIsIsListed(String what, String line) {
        for (var run : List.of(CommandRun.of("--list", what), CommandRun.of("run", "--list=" + what))) {
            assertEquals(0, run.exitCode(), run::err);
            assertTrue(run.out().lines().anyMatch(line::equals), run::out);
            assertFalse(run.out().contains("\n\n"));
        }
    }

    @Test
    void aValueThatLooksLikeAQuestionBehindTheEndOfOptionsIsNone() {
        var run = CommandRun.of("report", "--", "--help");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--help does not exist"), run::err);
    }
}
