package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.run.SimulatedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;

/** Searches of a simulated server, whose capacity is known, on a clock that only runs move. */
class CapacityCommandTest {
    private static final String TARGET = "127.0.0.1:8443";

    @TempDir
    private Path directory;
    private Path out;

    @BeforeEach
    void chooseDirectory() {
        out = directory.resolve("out");
    }

    @ParameterizedTest
    @CsvSource({"5, 1, resumed=1, 1.2, 2", "20, 6, 'full=1,resumed=1', 1.3, 2", "8, 1, full=1, 1.3, 2",
        "4, 1, 'full=1,resumed=3', 1.2, 2", "10, 4, full=1, 1.2, 2", "10, 4, full=1, 1.2, 0.5",
        "10, 4, full=1, 1.2, 10"})
    void theTruthIsFoundAsPreciselyAsWasAskedFor(int serviceMillis, int workers, String mix, String tls,
            double percent) throws IOException {
        var truth = workers * 1000.0 / serviceMillis;
        var run = run(server(serviceMillis, workers), "--objective",
                "p99<" + (serviceMillis + 250) + "ms,failures<0.1%", "--mix", mix, "--tls", tls, "--precision",
                percent + "%", "--from", String.valueOf(truth / 1.4), "--step", "3s", "--confirm", "5s", "--warmup",
                "300ms", "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        var found = JsonMapper.builder().build().readTree(run.out());
        assertEquals(truth, found.at("/capacity/ratePerSecond").doubleValue(), 1.5 * percent / 100 * truth,
                run::toString);
        assertEquals(percent / 100, found.at("/capacity/precision").doubleValue(), 1e-9);
        assertEquals("server", found.at("/capacity/limitedBy").textValue());
        assertEquals(run.out(), Files.readString(out.resolve("capacity.json")));
        assertTrue(run.err().contains("bracket: trying ") && run.err().contains(" held, "), run::err);
        assertEquals(5, found.at("/steps").get(found.at("/steps").size() - 1).at("/seconds").doubleValue());
        assertEquals(3, found.at("/steps/0/seconds").doubleValue());
    }

    /** Four times what the server can do leaves it with seconds of work, on which no other run may begin. */
    @Test
    void aRunBeginsOnlyWhenTheServerHasDoneWithTheOneBefore() throws IOException {
        var run = run(server(20, 1), "--objective", "p99<270ms,failures<0.1%", "--mix", "full=1", "--precision", "2%",
                "--from", "200", "--step", "2500ms", "--confirm", "4s", "--warmup", "300ms");
        assertEquals(0, run.exitCode(), run::toString);
        assertEquals(50, found().at("/capacity/ratePerSecond").doubleValue(), 1.5, run::toString);
    }

    @Test
    void aServerThatDoesNotComeToRestIsSaidToBe() {
        var run = run(server(100, 1), "--mix", "full=1", "--from", "40", "--step", "600ms", "--warmup", "0s",
                "--settle", "100ms");
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().contains("the server has not become idle within 0.1 s: single handshakes take up to "),
                run::err);
        assertTrue(run.err().contains("--settle"), run::err);
    }

    /** Searches full and resumed in turn: what one costs a server says nothing about the other. */
    @Test
    void eachMixHasAnAnswerOfItsOwn() throws IOException {
        var run = run(server(10, 1), "--objective", "p50<2s", "--mix", "full=1", "--mix", "resumed=1", "--tls", "1.2",
                "--max-rate", "40", "--from", "40", "--step", "1s", "--confirm", "1s", "--warmup", "300ms");
        assertEquals(0, run.exitCode(), run::toString);
        var found = found();
        assertEquals(2, found.get("mixes").size());
        for (var i = 0; i < 2; i++) {
            var one = found.at("/mixes/" + i);
            assertEquals(i == 0 ? 1 : 0, one.at("/capacity/mix/full").asInt());
            assertEquals(40, one.at("/capacity/ratePerSecond").asDouble());
            assertEquals("maxRate", one.at("/capacity/limitedBy").textValue());
        }
        assertEquals(found.get("capacity"), found.at("/mixes/0/capacity"));
        var text = run.out().replaceAll("\\s+", " ");
        assertTrue(text.contains("mix full=1 resumed=0") && text.contains("mix full=0 resumed=1"), text);
        assertTrue(run.err().matches("(?s).*mix resumed=1, about \\S+ s left, bracket: trying 40\\.0/s.*"), run::err);
    }

    /** Each handshake takes longer than the objective allows, however few there are. */
    @Test
    void whereNoRateHoldsTheExitCodeIsOne() throws IOException {
        var run = run(server(50, 1), "--objective", "p50<10ms", "--mix", "full=1", "--from", "1", "--step", "300ms",
                "--warmup", "0s");
        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.out().replaceAll("\\s+", " ").contains("holds p50<10ms at no rate that was tried"), run::out);
        assertTrue(Files.readString(out.resolve("report.html")).contains("at no rate that was tried"));
    }

    /** One connection at a time, of 50 ms each, to a server that would carry 400 a second. */
    @Test
    void whereTheGeneratorIsTheLimitTheExitCodeIsThree() {
        var run = run(server(50, 20), "--objective", "p99<2s", "--mix", "full=1", "--from", "5", "--step", "1s",
                "--confirm", "1s", "--warmup", "0s", "--source-address", "127.0.0.1", "--connections-per-source", "1");
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(words(run).contains(
                "the generator is the limit, not the server: this machine ran out of sources"), run::out);
    }

    @Test
    void aMachineThatIsBusyAllTheTimeIsToldApartFromTheServer() throws IOException {
        var run = run(server(10, 4).machineBusy(1, Integer.MAX_VALUE), "--objective", "p99<50ms", "--mix", "full=1",
                "--step", "1s", "--warmup", "0s");
        assertEquals(3, run.exitCode(), run::toString);
        assertEquals("generator", found().at("/capacity/limitedBy").textValue());
        assertTrue(words(run).contains("the hypervisor withheld 20 % of this machine's processor time"), run::out);
    }

    @Test
    void aBusySpellOfTheMachineIsWaitedOut() throws IOException {
        var server = server(10, 4).machineBusy(2, 3);
        var run = run(server, "--objective", "p99<50ms", "--mix", "full=1", "--from", "100", "--step", "2s",
                "--confirm", "2s", "--warmup", "0s");
        assertEquals(0, run.exitCode(), run::toString);
        var found = found();
        assertEquals(400, found.at("/capacity/ratePerSecond").doubleValue(), 12, run::toString);
        assertEquals("server", found.at("/capacity/limitedBy").textValue());
        for (var step = 1; step <= 3; step++) {
            assertEquals(200, found.at("/steps/" + step + "/ratePerSecond").doubleValue());
            assertEquals(step == 3, found.at("/steps/" + step + "/held").booleanValue());
        }
        assertEquals(server.openRuns(), found.get("steps").size());
    }

    /** Neither a failure of what was tested nor a proof of it. */
    @Test
    void aSearchThatCallsItselfUnfitIsNotJudged() {
        var aborted = assertThrows(TestAbortedException.class, () -> FitSearch.of(directory, _ -> true, to -> {
            out = to;
            return run(server(10, 4).machineBusy(1, Integer.MAX_VALUE), "--objective", "p99<50ms", "--mix", "full=1",
                    "--step", "1s", "--warmup", "0s");
        }));
        assertTrue(aborted.getMessage().startsWith("not judged: this machine was busy: ")
                && aborted.getMessage().contains("the hypervisor withheld 20 %"), aborted::getMessage);
        assertEquals(directory.resolve("out3"), out);
    }

    /** A run of the first search was disturbed, and its answer is not taken; the next one has a quiet machine. */
    @Test
    void aSearchThatWasLedAstrayIsMadeAgain() throws IOException {
        var busy = new ArrayList<>(List.of(server(10, 4).machineBusy(2, 2), server(10, 4)));
        var search = FitSearch.of(directory, rate -> busy.isEmpty() && Math.abs(rate - 400) < 12, to -> {
            out = to;
            return run(busy.removeFirst(), "--objective", "p99<50ms", "--mix", "full=1", "--from", "300", "--step",
                    "2s", "--confirm", "2s", "--warmup", "0s");
        });
        assertEquals(directory.resolve("out2"), search.out());
        assertEquals(400, found().at("/capacity/ratePerSecond").doubleValue(), 12);
    }

    @Test
    void aSearchThatHasAnAnswerIsMadeOnce() throws IOException {
        var search = FitSearch.of(directory, _ -> true, to -> {
            out = to;
            return run(server(50, 1), "--objective", "p50<10ms", "--mix", "full=1", "--from", "1", "--step", "300ms",
                    "--warmup", "0s");
        });
        assertEquals(1, search.run().exitCode(), search::toString);
        assertEquals(directory.resolve("out1"), search.out());
        assertFalse(Files.exists(directory.resolve("out2")));
    }

    @Test
    void aServerThatGoesAwayIsSaidNotToComeToRest() {
        var run = run(server(10, 1).goneAfter(1), "--objective", "p99<2s", "--mix", "full=1", "--from", "10",
                "--step", "1s", "--warmup", "0s", "--settle", "20ms");
        assertTrue(run.err().contains("trying 20.0/s; 10.0/s held"), run::err);
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().contains("the server has not become idle within 0.02 s: single handshakes do not"
                + " complete"), run::err);
    }

    @Test
    void anInterruptLeavesWhatWasFoundUntilThen() throws IOException {
        var run = run(server(10, 1).interruptedAfter(1), "--objective", "p99<2s", "--mix", "full=1", "--from", "10",
                "--step", "1s", "--warmup", "0s");
        assertEquals(3, run.exitCode(), run::toString);
        assertEquals("interrupted", found().at("/capacity/limitedBy").textValue());
        assertEquals(10, found().at("/capacity/ratePerSecond").doubleValue());
        var report = CommandRun.of("report", out.toString(), "--details");
        assertTrue(report.out().startsWith("INTERRUPTED: "), report::out);
    }

    @Test
    void anInterruptBeforeTheFirstRunLeavesNothing() {
        var run = run(server(10, 1).interruptedAfter(0));
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().endsWith("interrupted before there was an answer\n"), run::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --workers 2                    | --workers needs --service-time
            --service-time 0s              | --service-time must be longer than 0s
            --service-time 1ms --workers 0 | --workers must be at least 1
            --service-time soon            | 'soon'
            """)
    void aTargetOfNoCapacityIsRefused(String options, String complaint) {
        var run = CommandRun.of(("target --listen 127.0.0.1:0 " + options).split(" +"));
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    @Tag("interop")
    @Test
    void aServerThatIsNotThereIsSaidToBe() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var run = CommandRun.of("capacity", "127.0.0.1:" + port, "--out", out.toString());
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(run.err().contains("nothing listens at the target's port"), run::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --objective p94<1ms | is not an objective
            --precision 3       | did you mean 3%?
            --from 0            | --from must be from 0.1
            --rate 5            | there is no option --rate of capacity
            --count 5           | there is no option --count of capacity
            --step 0s           | longer than 0s
            --mix full=0        | full=1,resumed=4
            """)
    void whatIsWrongIsSaid(String options, String complaint) {
        var run = CommandRun.of(("capacity 127.0.0.1:1 " + options).split(" +"));
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    private static SimulatedServer server(int serviceMillis, int workers) {
        return new SimulatedServer(Duration.ofMillis(serviceMillis), workers);
    }

    private JsonNode found() throws IOException {
        return JsonMapper.builder().build().readTree(out.resolve("capacity.json").toFile());
    }

    /** Whatever the lines are broken at. */
    private static String words(CommandRun run) {
        return run.out().replaceAll("\\s+", " ");
    }

    /** The command as it is, but for who makes its runs. */
    private CommandRun run(SimulatedServer server, String... options) {
        var arguments = new ArrayList<>(List.of(TARGET, "--out", out.toString()));
        arguments.addAll(List.of(options));
        var said = new StringWriter();
        var complained = new StringWriter();
        var code = Main.configured(new CommandLine(new CapacityCommand(server))).setOut(new PrintWriter(said))
                .setErr(new PrintWriter(complained)).execute(arguments.toArray(String[]::new));
        return new CommandRun(code, said.toString(), complained.toString());
    }
}
