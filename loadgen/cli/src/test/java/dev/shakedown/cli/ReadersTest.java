package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.value.Readers;
import dev.shakedown.load.Mix;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.value.Share;
import dev.shakedown.run.value.Versions;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Goes through every option of every command: those that mean the same are read by the same. */
class ReadersTest {
    /** What an option's label promises, as the type that it must have. */
    private static final Map<String, Set<Class<?>>> BY_LABEL = Map.of("R", Set.of(Rate.class), "TIME",
            Set.of(Duration.class), "AGE", Set.of(Duration.class), "SHARE", Set.of(Share.class), "VERSION",
            Set.of(Versions.class, ProtocolVersion.class), "GROUP", Set.of(NamedGroup.class), "SUITE",
            Set.of(CipherSuite.class), "WEIGHTS", Set.of(Mix.class), "HOST:PORT",
            Set.of(Server.class, InetSocketAddress.class), "N", Set.of(int.class, Integer.class, Long.class));
    /** Texts, which anything is. */
    private static final Set<Class<?>> FREE = Set.of(String.class, boolean.class, String[].class);

    private static Stream<CommandSpec> commands(CommandLine above) {
        return Stream.concat(Stream.of(above.getCommandSpec()),
                above.getSubcommands().values().stream().distinct().flatMap(ReadersTest::commands));
    }

    @TestFactory
    Stream<DynamicTest> noOptionHasAReaderOfItsOwn() {
        return commands(Main.commandLine()).flatMap(command -> command.args().stream().map(arg -> DynamicTest
                .dynamicTest(command.qualifiedName() + " " + name(arg), () -> check(command, arg))));
    }

    private static void check(CommandSpec command, ArgSpec arg) {
        assertEquals(0, arg.converters().length, "a converter of its own");
        var type = arg.auxiliaryTypes()[0];
        assertTrue(FREE.contains(type) || type.isEnum() || Readers.types().contains(type), type::toString);
        var promised = BY_LABEL.get(arg.paramLabel());
        // A proxy protocol's version is v1 or v2.
        if (promised != null && !type.isEnum()) {
            assertTrue(promised.contains(type), () -> arg.paramLabel() + " is a " + type);
        }
        if (promised != null && type.isEnum() && !promised.contains(type)) {
            assertEquals("--proxy-protocol", name(arg), command::qualifiedName);
        }
    }

    private static String name(ArgSpec arg) {
        return arg.isOption() ? ((CommandLine.Model.OptionSpec) arg).longestName() : arg.paramLabel();
    }

    /** The same text, the same sentence, wherever an option of that kind is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "1,5 | run --rate; cost --rate; capacity --from; capacity --max-rate; gate load --rate | did you mean 1.5?",
        "10 | run --duration; run --warmup; run --timeout; capacity --step; cost --block; trace --timeout;"
                + " scan --timeout; scan --ticket-age; server --service-time; gate load --block | did you mean 10s?",
        "80 | run --require-resumed; run --require-completed; cost --share; capacity --precision;"
                + " gate time --threshold; gate load --threshold | did you mean 80%?",
        "1.3-1.2 | run --tls; cost --tls; capacity --tls; trace --tls | did you mean 1.2-1.3?",
        "p265 | run --group; cost --group; trace --group | did you mean P-256?",
        "8443 | run; cost; capacity; trace; scan | did you mean 127.0.0.1:8443?",
        "half | run --mix; capacity --mix; gate load --mix | 'half' is not a mix",
        "josn | run --format; trace --format; scan --format; report --format; compare --format | did you mean json?",
        "4433 | server --listen; run --metrics-listen | did you mean 127.0.0.1:4433?",
        "1.5 | run --count; run --threads; server --workers; cost --groups; gate time --pairs | whole number"})
    void allCommandsSayTheSame(String text, String options, String sentence) {
        for (var option : options.split("; ?")) {
            var run = CommandRun.of((option + " " + text).split(" "));
            assertEquals(2, run.exitCode(), run::err);
            assertEquals(1, run.err().lines().count(), run::err);
            assertTrue(run.err().contains("'" + text + "'") && run.err().contains(sentence), option + run.err());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "run --rate | --rate needs a value, R, such as --rate 500",
        "run --rate --mix 1/1 | --rate needs a value, R, such as --rate 500",
        "run --out | --out needs a value, DIR, such as --out results/runs/before",
        "capacity | capacity needs HOST:PORT, such as 127.0.0.1:8443",
        "gate time | time needs --base JAR|COMMIT, such as --base HEAD~1",
        "run --rate 1 --rate 2 | --rate is given twice; give it once",
        "trace --timeout 1s --timeout 2s | --timeout is given twice; give it once",
        "run --quiet=loud | --quiet: 'loud' is neither true nor false",
        "trace a.invalid b.invalid | 'b.invalid' is one too many: trace takes one HOST:PORT",
        "server x | 'x' is one too many: server takes options only",
        "run --precision 5% | there is no option --precision of run; it belongs to 'shakedown capacity'",
        "run --durration 5s | there is no option --durration of run; did you mean --duration?",
        "run -duration 5s | there is no option -duration of run; did you mean --duration?",
        "run --zzz | there is no option --zzz of run",
        "gate load --base localhost:x --head localhost:1 | --base: 'localhost:x' is not a server",
        "gate load --base localhost:1 --head \"localhost:1 --tsl 1.2\" | --head: there is no option --tsl"})
    void nothingIsSaidInALibrarysWords(String arguments, String sentence) {
        var words = arguments.replaceFirst(" \"?(localhost:1) --tsl 1.2\"?$", " $1~--tsl~1.2").split(" ");
        var run = CommandRun.of(Stream.of(words).map(word -> word.replace('~', ' ').replace("HEAD 1", "HEAD~1"))
                .toArray(String[]::new));
        assertEquals(2, run.exitCode(), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("shakedown: " + sentence), run::err);
    }

    @Test
    void anUnknownBenchmarkIsNamedBeforeAnythingIsBuilt() {
        var run = CommandRun.of("gate", "time", "--base", "no-such-commit", "FinishdMac");
        assertEquals(2, run.exitCode(), run::err);
        assertTrue(run.err().startsWith("shakedown: no benchmark is called FinishdMac; did you mean FinishedMac?"),
                run::err);
    }

    @Tag("interop")
    @Test
    void whatCannotBeListenedAtIsSaidInOurWords() throws java.io.IOException {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            for (var transport : new String[]{"nio", "epoll"}) {
                var run = CommandRun.of("server", "--listen", "127.0.0.1:" + taken.getLocalPort(), "--engine", "jdk",
                        "--transport", transport);
                assertEquals(3, run.exitCode(), run::err);
                assertEquals("shakedown: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                        + ": something listens there already; choose another address with --listen", run.err().strip());
            }
        }
    }
}
