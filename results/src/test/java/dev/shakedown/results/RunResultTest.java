package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Tickets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunResultTest {
    @TempDir
    private Path directory;

    private static RunResult mixed(RunFacts facts) {
        return Facts.result(facts, Samples.full(2400), Samples.resumed(620), Samples.declined(2500),
                Samples.failed("server_hello", "handshake_failure"), Samples.timedOut("server_hello"),
                Samples.cancelled(), Samples.unsent(UnsentReason.PORTS));
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        for (var facts : List.of(Facts.of(Facts.CLOSED), Facts.remote(Facts.of(Facts.open(12.5, "poisson", 10.0))),
                Facts.saturated(Facts.interrupted(Facts.of(Facts.FULL_ONLY)), "its event loop ran late"))) {
            var result = mixed(facts);
            Files.writeString(directory.resolve("run.json"), result.toJson());
            assertEquals(result, RunResult.read(directory));
            assertEquals(result, RunResult.read(directory.resolve("run.json")));
        }
    }

    @Test
    void hasTheDocumentedNamesAndNoOthers() throws IOException {
        var json = new ObjectMapper().readTree(mixed(Facts.of(Facts.CLOSED)).toJson());
        assertNames(json, "formatVersion tool startedAt measuredSeconds interrupted plan target host client outcomes"
                + " kinds resumption offers helloRetryRequests failures timeouts unsentReasons negotiated certificates"
                + " generator server confidenceLevel");
        assertNames(json.at("/tool"), "name version commit built java netty transports providers");
        assertNames(json.at("/outcomes"), "planned completed failed timedOut cancelled unsent");
        assertNames(json.at("/kinds"), "full resumed");
        assertNames(json.at("/kinds/full"),
                "completed ratePerSecond latencyMicros serviceMicros phases bytesSent bytesReceived");
        assertNames(json.at("/kinds/resumed/phases"),
                "begun connected helloSent serverHello serverFlightDone finished");
        assertNames(json.at("/kinds/resumed/phases/serverHello"), "count mean min p50 p90 p95 p99 p999 max fewBeyond");
        assertNames(json.at("/resumption"), "asked offered accepted declined priming tooMuchPriming");
        assertNames(json.at("/failures/0"), "stage direction cause alert count meaning");
        assertNames(json.at("/timeouts/0"), "stage count");
        assertNames(json.at("/unsentReasons/0"), "reason count");
        assertNames(json.at("/negotiated/0"), "version cipherSuite group count");
        assertNames(json.at("/negotiated/1"), "version cipherSuite count");
        assertNames(json.at("/generator"), "cpuMicrosPerHandshake cpuCores threads loopLagMicros saturated");
        assertNames(json.at("/generator/loopLagMicros"), "count");
        assertNames(json.at("/server"), "pid cpuMicrosPerHandshake cpuCores");
        assertNames(json.at("/client"), "keyShare premaster verify provider transport");
        assertNames(json.at("/target"), "host port address embedded engine");
        assertNames(json.at("/plan/mix"), "full resumed");
        assertNames(json.at("/plan"), "concurrency durationSeconds warmupSeconds mix timeoutSeconds"
                + " connectTimeoutSeconds close tls cipherSuites groups sni alpn tickets sourceAddresses"
                + " completeOn requestBytes earlyDataBytes ticketTimeoutSeconds pskMode");
        assertEquals("2026-01-02T03:04:05Z", json.at("/startedAt").textValue());
    }

    @Test
    void aBrokenRuleHasItsName() throws IOException {
        var failed = Samples.failed("server_hello", "illegal_parameter");
        var broken = new Outcome.Failed(new Outcome.Failure("server_hello", "sent", "illegal_parameter", true,
                "suite_not_offered", "the server chose another suite"));
        var sample = new Sample(broken, failed.asked(), failed.resumption(), failed.marks(), failed.bytesSent(),
                failed.bytesReceived());
        var result = Facts.result(Facts.of(Facts.CLOSED), sample, sample, failed);
        var json = new ObjectMapper().readTree(result.toJson());
        assertNames(json.at("/failures/0"), "stage direction cause alert rule count meaning");
        assertEquals("suite_not_offered", json.at("/failures/0/rule").textValue());
        assertNames(json.at("/failures/1"), "stage direction cause alert count meaning");
        Files.writeString(directory.resolve("run.json"), result.toJson());
        assertEquals(result, RunResult.read(directory));
    }

    @Test
    void hasTheNamesOfWhatIsBeyondAHandshake() throws IOException {
        var json = new ObjectMapper().readTree(Facts.result(Facts.of(Facts.open(12.5, "poisson", 10.0)),
                Samples.early(100, EarlyData.ACCEPTED), Samples.early(100, EarlyData.RETRIED),
                Samples.retried(100, Tickets.CAME)).toJson());
        assertNames(json.at("/earlyData"), "offered accepted rejected retried timeToFirstByteMicros");
        assertNames(json.at("/tickets"), "awaited came afterRequest missing");
        assertNames(json.at("/kinds/resumed"),
                "completed ratePerSecond latencyMicros serviceMicros phases bytesSent bytesReceived"
                        + " timeToFirstByteMicros");
        assertNames(json.at("/kinds/full/phases"),
                "begun connected helloSent helloRetryRequest serverHello serverFlightDone finished ticket");
        assertEquals(1, json.at("/helloRetryRequests").intValue());
        assertEquals("RSA", json.at("/plan/clientCertificate").textValue());
    }

    @Test
    void theShareOfAResumedHandshakeIsThereWhereItCanBeTold() throws IOException {
        var facts = Facts.of(Facts.CLOSED);
        var result = Facts.result(facts, List.of(Facts.second(100, 1000, 500), Facts.second(100, 2000, 500),
                Facts.second(100, 3000, 500)));
        var json = new ObjectMapper().readTree(result.toJson());
        assertNames(json.at("/kinds"), "full resumed resumedToFull");
        assertNames(json.at("/kinds/resumedToFull"), "p50 low high");
        assertEquals(0.25, json.at("/kinds/resumedToFull/p50").doubleValue(), 1e-3);
        assertEquals(0.0342, json.at("/kinds/resumedToFull/low").doubleValue(), 1e-3);
        assertEquals(1.826, json.at("/kinds/resumedToFull/high").doubleValue(), 0.01);
        assertEquals(0.95, json.at("/confidenceLevel").doubleValue());
        assertEquals("[\"p90\",\"p95\",\"p99\",\"p999\"]", json.at("/kinds/full/latencyMicros/fewBeyond").toString());
        Files.writeString(directory.resolve("run.json"), result.toJson());
        assertEquals(result, RunResult.read(directory));
        Files.writeString(directory.resolve("run.json"), result.toJson().replace("resumedToFull", "notYet"));
        assertNull(RunResult.read(directory).kinds().resumedToFull(), "a result from before it was told");
        assertEquals(result.kinds().full(), RunResult.read(directory).kinds().full());
    }

    @Test
    void fewHandshakesOrSecondsHaveNoShare() {
        var facts = Facts.of(Facts.CLOSED);
        var enough = Facts.second(34, 2000, 1000);
        assertNotNull(Facts.result(facts, List.of(enough, enough, enough)).kinds().resumedToFull());
        var less = Facts.second(33, 2000, 1000);
        assertNull(Facts.result(facts, List.of(less, less, less)).kinds().resumedToFull());
        var most = Facts.second(500, 2000, 1000);
        assertNull(Facts.result(facts, List.of(most, most)).kinds().resumedToFull());
    }

    private static void assertNames(JsonNode node, String names) {
        var found = new ArrayList<String>();
        node.fieldNames().forEachRemaining(found::add);
        assertEquals(List.of(names.split(" ")), found);
    }

    @Test
    void figuresHaveAtMostThreeDecimals() {
        var json = mixed(Facts.of(Facts.CLOSED)).toJson();
        assertTrue(json.contains("."));
        assertFalse(json.matches("(?s).*\\d\\.\\d{4}.*"), json);
        assertFalse(json.contains("NaN"));
    }

    @Test
    void readsEarlierFormatsAndRefusesLaterOnes() throws IOException {
        var result = mixed(Facts.of(Facts.CLOSED));
        var file = directory.resolve("run.json");
        var json = (ObjectNode) new ObjectMapper().readTree(result.toJson());
        json.remove("formatVersion");
        ((ObjectNode) json.get("tool")).retain("name", "version");
        Files.writeString(file, json.toString());
        var earlier = RunResult.read(directory);
        assertEquals(new RunResult.Tool("shakedown", "0.1.0", null, null, null, null, null, null), earlier.tool());
        assertEquals(result.kinds(), earlier.kinds());
        Files.writeString(file, result.toJson().replace("\"formatVersion\" : 1", "\"formatVersion\" : 2"));
        assertEquals("cannot read " + file + ": its format is version 2, and this version of shakedown"
                + " reads up to 1; take a newer one",
                assertThrows(IOException.class, () -> RunResult.read(directory)).getMessage());
    }

    @Test
    void ignoresWhatALaterVersionAdded() throws IOException {
        var result = mixed(Facts.of(Facts.CLOSED));
        var json = result.toJson().replaceFirst("\\{", "{\"later\": {\"a\": [1]},")
                .replaceFirst("\"planned\"", "\"later\": 1, \"planned\"");
        Files.writeString(directory.resolve("run.json"), json);
        assertEquals(result, RunResult.read(directory));
    }

    @Test
    void saysThatADirectoryHasNoResult() {
        var e = assertThrows(IOException.class, () -> RunResult.read(directory));
        assertEquals(directory.resolve("run.json") + " does not exist: no run ended there", e.getMessage());
        var missing = directory.resolve("missing");
        e = assertThrows(IOException.class, () -> RunResult.read(missing));
        assertTrue(e.getMessage().startsWith(missing + " does not exist"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]", "{\"tool\":", "not json", "{\"outcomes\": 7}", "\u0000"})
    void saysThatAFileIsNotAResult(String content) throws IOException {
        var file = directory.resolve("run.json");
        Files.writeString(file, content);
        var e = assertThrows(IOException.class, () -> RunResult.read(directory));
        assertTrue(e.getMessage().startsWith(file + " is not the result of a run: "), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertFalse(e.getMessage().endsWith(": "), e.getMessage());
    }

    @Test
    void namesThePartThatIsMissing() throws IOException {
        Files.writeString(directory.resolve("run.json"),
                mixed(Facts.of(Facts.CLOSED)).toJson().replace("\"outcomes\"", "\"outcome\""));
        var e = assertThrows(IOException.class, () -> RunResult.read(directory));
        assertTrue(e.getMessage().endsWith("is not the result of a run: outcomes is missing"), e.getMessage());
    }

    @Test
    void isCutShortNowhereWithoutNotice() throws IOException {
        var json = mixed(Facts.of(Facts.CLOSED)).toJson().stripTrailing();
        for (var length = 0; length < json.length(); length += 7) {
            Files.writeString(directory.resolve("run.json"), json.substring(0, length));
            assertThrows(IOException.class, () -> RunResult.read(directory));
        }
    }
}
