package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Sample;
import dev.shakedown.results.UnsentReason;
import dev.shakedown.run.MetricsEndpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is told while a run goes on. */
@Tag("interop")
@Timeout(60)
class MetricsEndpointTest {
    private static final String HANDSHAKES = "shakedown_handshakes_";

    @TempDir
    private Path directory;

    @Test
    void aRunCanBeScrapedUntilItsEnd() throws Exception {
        var err = new StringWriter();
        var running = CompletableFuture.supplyAsync(() -> {
            var out = new StringWriter();
            var exitCode = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute("run",
                    "--rate", "100", "--duration", "4s", "--warmup", "500ms", "--format", "json", "--metrics-listen",
                    "127.0.0.1:0", "--out", directory.resolve("out").toString());
            return new CommandRun(exitCode, out.toString(), err.toString());
        });
        var port = port(err, running);
        var metrics = scrape(port, running);
        var run = running.get();
        assertEquals(0, run.exitCode(), run::err);
        var found = JsonMapper.builder().build().readTree(run.out());
        // The last scrape that was answered came in the run's last second or two.
        var planned = metrics.get("shakedown_arrivals_total");
        assertTrue(planned >= 100 && planned <= found.at("/outcomes/planned").doubleValue(), metrics::toString);
        for (var kind : new String[]{"full", "resumed"}) {
            var completed = metrics.get("shakedown_handshakes_completed_total{kind=\"" + kind + "\"}");
            assertTrue(completed >= 40 && completed <= found.at("/kinds/" + kind + "/completed").doubleValue(),
                    metrics::toString);
            assertEquals(completed, metrics.get("shakedown_handshake_latency_seconds_count{kind=\"" + kind + "\"}"));
            assertEquals(completed, metrics.get("shakedown_handshake_latency_seconds_bucket{kind=\"" + kind
                    + "\",le=\"+Inf\"}"));
            var few = metrics.get("shakedown_handshake_latency_seconds_bucket{kind=\"" + kind + "\",le=\"1.0E-4\"}");
            assertTrue(few < completed, metrics::toString);
            var mean = metrics.get("shakedown_handshake_latency_seconds_sum{kind=\"" + kind + "\"}") / completed;
            assertTrue(mean > 1e-4 && mean < 1, metrics::toString);
        }
        assertTrue(metrics.containsKey("shakedown_in_flight"), metrics::toString);
        for (var rate : new String[]{"offered", "achieved"}) {
            // A stalled machine may do the work of one second in another.
            var perSecond = metrics.get("shakedown_" + rate + "_per_second");
            assertTrue(perSecond > 10 && perSecond < 400, metrics::toString);
        }
        assertThrows(IllegalStateException.class, () -> values(port), "it is gone after the run");
    }

    @Test
    void failuresAreCountedByWhereAndWhy() throws Exception {
        try (var endpoint = new MetricsEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var port = Integer.parseInt(endpoint.address().replaceAll(".*:", ""));
            assertEquals(Map.of("shakedown_in_flight", 0.0), values(port), "before the first second");
            var recorder = new Recorder();
            for (var meaning : new String[]{"one", "another"}) {
                record(recorder, new Outcome.Failed(
                        new Outcome.Failure("server_hello", "sent", "decode_error", true, null, meaning)));
            }
            record(recorder, new Outcome.TimedOut("certificate"));
            record(recorder, new Outcome.TimedOut("certificate"));
            record(recorder, new Outcome.TimedOut("connect"));
            record(recorder, new Outcome.Unsent(UnsentReason.PORTS));
            record(recorder, new Outcome.Cancelled());
            record(recorder, new Outcome.Completed(Kind.FULL, new Outcome.Negotiated("TLS 1.2", "A", null, null)));
            endpoint.second(recorder.take(0, 500), 7);
            var metrics = values(port);
            assertEquals(Map.of("failed_total{cause=\"decode_error\",direction=\"sent\",stage=\"server_hello\"}", 2.0,
                    "timed_out_total{stage=\"certificate\"}", 2.0, "timed_out_total{stage=\"connect\"}", 1.0,
                    "unsent_total{reason=\"ports\"}", 1.0, "cancelled_total", 1.0, "completed_total{kind=\"full\"}",
                    1.0,
                    "completed_total{kind=\"resumed\"}", 0.0),
                    metrics.entrySet().stream().filter(each -> each.getKey().startsWith(HANDSHAKES))
                            .collect(Collectors.toMap(each -> each.getKey().substring(HANDSHAKES.length()),
                                    Map.Entry::getValue)));
            assertEquals(7.0, metrics.get("shakedown_in_flight"));
            assertEquals(16.0, metrics.get("shakedown_offered_per_second"), "eight in half a second");
            assertEquals(2.0, metrics.get("shakedown_achieved_per_second"));
        }
    }

    private static void record(Recorder recorder, Outcome outcome) {
        var marks = new long[Mark.values().length];
        Arrays.fill(marks, Marks.NOT_REACHED);
        marks[Mark.PLANNED.ordinal()] = 0;
        recorder.planned();
        recorder.record(new Sample(outcome, Kind.FULL, Sample.Resumption.NOT_OFFERED, Marks.of(marks), 1, 1));
    }

    @Test
    void aPlaceThatIsTakenIsSaidToBe() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (var place : new String[]{"127.0.0.1:" + taken.getLocalPort(), "nowhere", "127.0.0.1:99999"}) {
                var run = CommandRun.of("run", "--count", "1", "--metrics-listen", place, "--out",
                        directory.resolve("out").toString());
                assertEquals(2, run.exitCode(), run::toString);
                assertTrue(run.err().contains(place), run::err);
                assertEquals(1, run.err().lines().count(), run::err);
            }
        }
    }

    /** As the run says where it listens. */
    private static int port(StringWriter err, Future<?> running) throws InterruptedException {
        while (true) {
            var said = Pattern.compile("metrics at http://127.0.0.1:(\\d+)/metrics").matcher(err.toString());
            if (said.find()) {
                return Integer.parseInt(said.group(1));
            }
            assertFalse(running.isDone(), err::toString);
            Thread.sleep(10);
        }
    }

    /** The last answer before the run has ended. */
    private static Map<String, Double> scrape(int port, Future<?> running) throws InterruptedException {
        Map<String, Double> last = null;
        while (!running.isDone()) {
            try {
                var now = values(port);
                last = now.containsKey("shakedown_arrivals_total") ? now : last;
            } catch (IllegalStateException _) {
                // it is at its end, or not at work yet
            }
            Thread.sleep(100);
        }
        assertNotNull(last, "never scraped");
        return last;
    }

    private static Map<String, Double> values(int port) {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                    BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            var values = new HashMap<String, Double>();
            for (var line : answer.body().lines().filter(each -> !each.startsWith("#")).toList()) {
                var at = line.lastIndexOf(' ');
                values.put(line.substring(0, at), Double.valueOf(line.substring(at + 1)));
            }
            return values;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
