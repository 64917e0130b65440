package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.Sample;
import java.io.IOException;
import java.net.InetAddress;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is told while a run goes on. */
@Timeout(60)
class MetricsEndpointTest {
    @TempDir
    private Path directory;

    @Test
    void aRunCanBeScrapedUntilItsEnd() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var scraped = CompletableFuture.supplyAsync(() -> scrape(port));
        var run = CommandRun.of("run", "--rate", "100", "--duration", "4s", "--warmup", "500ms", "--quiet", "--format",
                "json",
                "--metrics-listen", "127.0.0.1:" + port, "--out", directory.resolve("out").toString());
        assertEquals(0, run.exitCode(), run::err);
        var found = JsonMapper.builder().build().readTree(run.out());
        var metrics = scraped.get();
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
        assertThrows(IllegalStateException.class, () -> values(port), "it is gone after the run");
    }

    @Test
    void failuresAreCountedByWhereAndWhy() throws Exception {
        try (var endpoint = new MetricsEndpoint("127.0.0.1:0")) {
            var port = Integer.parseInt(endpoint.address().replaceAll(".*:", ""));
            assertEquals(Map.of("shakedown_in_flight", 0.0), values(port), "before the first second");
            var recorder = new Recorder();
            var marks = new long[Mark.values().length];
            Arrays.fill(marks, Marks.NOT_REACHED);
            marks[0] = 0;
            for (var meaning : new String[]{"one", "another"}) {
                recorder.planned();
                recorder.record(new Sample(
                        new Outcome.Failed(new Outcome.Failure("server_hello",
                                "sent", "decode_error", true, meaning)),
                        Kind.FULL, Sample.Resumption.NOT_OFFERED,
                        Marks.of(marks), 1, 1));
            }
            endpoint.second(recorder.take(0, 1), 7);
            var metrics = values(port);
            assertEquals(2.0, metrics.get("shakedown_handshakes_failed_total{cause=\"decode_error\",direction=\"sent\","
                    + "stage=\"server_hello\"}"), metrics::toString);
            assertEquals(7.0, metrics.get("shakedown_in_flight"));
        }
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

    /** The last answer before the endpoint is gone. */
    private static Map<String, Double> scrape(int port) {
        Map<String, Double> last = null;
        for (var start = System.nanoTime(); System.nanoTime() - start < 30e9;) {
            try {
                var now = values(port);
                last = now.containsKey("shakedown_arrivals_total") ? now : last;
                Thread.sleep(100);
            } catch (IllegalStateException e) {
                if (last != null) {
                    return last;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("never scraped");
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
