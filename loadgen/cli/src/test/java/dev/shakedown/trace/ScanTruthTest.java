package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.trace.ChoosyServer.Script;
import dev.shakedown.trace.ChoosyServer.Visit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A scan says no more than it was told: what got no answer is unknown, and a server that has gone ends it. */
@Tag("interop")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class ScanTruthTest {
    private static final int PROTOCOL_VERSION = 70;
    private static final int HANDSHAKE_FAILURE = 40;
    private static final int UNRECOGNIZED_NAME = 112;

    // No answer

    @Test
    void whatIsResetEachTimeIsUnknown() throws Exception {
        Script script = visit -> {
            if (visit.hello().extensions().isEmpty()
                    || visit.has(Extension.ALPN) && protocol(visit).equals("irc")) {
                visit.reset();
            } else {
                visit.serve();
            }
        };
        try (var server = new ChoosyServer(script)) {
            var run = run(server, "--format", "json");
            assertEquals(0, run.exitCode(), run::toString);
            var found = new JsonMapper().readTree(run.out()).at("/servers/0");
            assertEquals(List.of("versions.SSLv3", "alpn.irc"), texts(found.get("unknown")));
            assertEquals(2, found.get("unanswered").asInt(), found::toString);
            assertTrue(found.get("ended").isNull(), found::toString);
            var text = run(server).out();
            assertTrue(text.contains("unknown: SSLv3\n"), text);
            assertTrue(text.contains("unknown: irc\n"), text);
            assertTrue(text.contains("; 2 never had one, and what they tested is unknown\n"), text);
        }
    }

    private static String protocol(Visit visit) throws IOException {
        try {
            return visit.hello().extensions().stream().filter(each -> each.type() == Extension.ALPN).findFirst()
                    .orElseThrow().alpnChoice();
        } catch (Fault fault) {
            throw new IOException(fault);
        }
    }

    /** Servers that do not tolerate a fragmented ClientHello mostly stay silent, but answer an unfragmented one. */
    @Test
    void aSplitClientHelloIsTakenOrNot() throws Exception {
        for (var takes : List.of("truetrue", "truefalse", "falsetrue")) {
            try (var server = new ChoosyServer(visit -> {
                if (takes.equals("truetrue") || (takes.startsWith("true")
                        ? visit.cameInOneRecord()
                        : visit.cameInOneSegment())) {
                    visit.serve();
                } else {
                    visit.reset();
                }
            })) {
                var run = run(server, "--format", "json");
                assertEquals(0, run.exitCode(), run::toString);
                var split = new JsonMapper().readTree(run.out()).at("/servers/0/splitHello");
                assertEquals(takes, split.get("segments").asText() + split.get("records").asText(), split::toString);
            }
        }
    }

    @Test
    void aServerThatGoesAwayEndsTheScan() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            if (visit.number() < 12) {
                visit.serve();
            } else {
                visit.reset();
            }
        })) {
            var run = run(server, "--format", "json");
            assertEquals(3, run.exitCode(), run::toString);
            assertTrue(run.err().contains("could not be scanned to the end: the server answered at first, and no"
                    + " longer does: "), run::err);
            var found = new JsonMapper().readTree(run.out()).at("/servers/0");
            assertEquals(List.of("TLSv1.3", "TLSv1.2"), found.get("versions").findValuesAsText("version"));
            assertTrue(found.at("/versions/0/suites").size() > 0, found::toString);
            for (var name : List.of("resumption", "clientCertificate", "alpn", "splitHello", "secureRenegotiation",
                    "TLSv1.2.suites", "TLSv1.2.groups", "TLSv1.2.signatureAlgorithms")) {
                assertTrue(texts(found.get("unknown")).contains(name), found::toString);
            }
            assertFalse(found.toString().contains("false"), found::toString);
            assertTrue(found.get("clientCertificate").isNull(), found::toString);
        }
        try (var server = new ChoosyServer(visit -> {
            if (visit.number() < 12) {
                visit.serve();
            } else {
                visit.reset();
            }
        })) {
            var text = run(server).out();
            assertTrue(text.contains("  resumption              unknown\n"), text);
            assertTrue(text.contains("  ALPN                    unknown\n"), text);
            assertTrue(text.contains("  ended early             the server answered at first"), text);
            assertFalse(text.contains(" no\n"), text);
        }
    }

    @Test
    void aVersionThatIsTakenAndThenRefusedIsAContradiction() throws Exception {
        var older = new AtomicBoolean();
        try (var server = new ChoosyServer(visit -> {
            var is13 = visit.has(Extension.SUPPORTED_VERSIONS);
            older.compareAndSet(false, !is13);
            if (is13 && older.get()) {
                visit.alert(PROTOCOL_VERSION);
            } else {
                visit.serve();
            }
        })) {
            var run = run(server, "--format", "json");
            assertEquals(0, run.exitCode(), run::toString);
            var found = new JsonMapper().readTree(run.out()).at("/servers/0");
            assertEquals(List.of("TLSv1.3 was accepted at first, and then rejected with the same offer"),
                    texts(found.get("contradictions")));
            assertTrue(texts(found.get("unknown")).containsAll(List.of("TLSv1.3.suites", "TLSv1.3.groups",
                    "TLSv1.3.signatureAlgorithms")), found::toString);
        }
    }

    // Names

    @Test
    void aServerThatServesOnlyWhomNamesIt() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            if (visit.has(Extension.SERVER_NAME)) {
                visit.serve();
            } else {
                visit.alert(UNRECOGNIZED_NAME);
            }
        })) {
            var run = run(server);
            assertEquals(3, run.exitCode(), run::toString);
            assertTrue(run.err().contains("cannot be scanned: the server requires a server name, and none was sent; try"
                    + " --sni with a name that it serves"), run::err);
            var named = run(server, "--sni", "a.example");
            assertEquals(0, named.exitCode(), named::toString);
            assertTrue(named.out().contains("versions                TLSv1.3, TLSv1.2\n"), named::out);
        }
    }

    // Servers that say no more than a ServerHello

    /**
     * Speaks TLS 1.2, as far as that.
     *
     * @param suite what it chooses among the suites offered
     * @param alpn  what it says to those who offer protocols
     */
    private static Script choosing(Function<List<Integer>, Integer> suite, String alpn) {
        return visit -> {
            var offered = IntStream.of(visit.hello().cipherSuites()).boxed().toList();
            var chosen = suite.apply(offered);
            if (visit.hello().version() != 0x0303 || visit.has(Extension.SUPPORTED_VERSIONS)) {
                visit.alert(PROTOCOL_VERSION);
            } else if (chosen == null) {
                visit.alert(HANDSHAKE_FAILURE);
            } else {
                visit.say(serverHello(chosen, visit.has(Extension.ALPN) ? alpn : ""));
            }
        };
    }

    private static byte[] serverHello(int suite, String alpn) {
        var extension = alpn.isEmpty() ? 0 : 4 + 2 + 1 + alpn.length();
        var body = 2 + 32 + 1 + 2 + 1 + 2 + extension;
        var hello = ByteBuffer.allocate(5 + 4 + body + 7).put((byte) 22).putShort((short) 0x0303)
                .putShort((short) (4 + body)).putInt(2 << 24 | body).putShort((short) 0x0303).put(new byte[32])
                .put((byte) 0).putShort((short) suite).put((byte) 0).putShort((short) extension);
        if (extension > 0) {
            hello.putShort((short) 16).putShort((short) (extension - 4)).putShort((short) (extension - 6))
                    .put((byte) alpn.length()).put(alpn.getBytes(StandardCharsets.US_ASCII));
        }
        return hello.put(new byte[]{21, 3, 3, 0, 2, 2, HANDSHAKE_FAILURE}).array();
    }

    @Test
    void onlyWhatWasChosenAmongTheOfferedIsSpoken() throws Exception {
        try (var server = new ChoosyServer(choosing(List::getFirst, "http/1.1"))) {
            assertEquals(List.of("http/1.1"), texts(scan(server).get("alpn")));
        }
        try (var server = new ChoosyServer(choosing(List::getFirst, "its own word"))) {
            assertEquals(List.of(), texts(scan(server).get("alpn")));
        }
    }

    private static final List<Integer> TAKEN = List.of(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.id(),
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384.id(),
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256.id(),
            CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA.id());

    private static Integer firstOf(List<Integer> preferred, List<Integer> among) {
        return preferred.stream().filter(among::contains).findFirst().orElse(null);
    }

    @Test
    void whoseOrderCountsIsClaimedOnlyWhereBothWereShown() throws Exception {
        assertOrder("server", offered -> firstOf(TAKEN, offered));
        assertOrder("client", offered -> firstOf(offered, TAKEN));
        // An order of its own, but for clients that would rather have ChaCha20: Go, and OpenSSL if told so.
        var mobile = List.of(TAKEN.get(2), TAKEN.get(0), TAKEN.get(1), TAKEN.get(3));
        assertOrder("mixed",
                offered -> firstOf(TAKEN.get(2).equals(firstOf(offered, TAKEN)) ? mobile : TAKEN, offered));
    }

    private static void assertOrder(String order, Function<List<Integer>, Integer> choice) throws Exception {
        try (var server = new ChoosyServer(choosing(choice, ""))) {
            var version = scan(server).at("/versions/0");
            assertEquals(4, version.get("suites").size(), version::toString);
            assertEquals(order, version.get("order").asText(), version::toString);
        }
    }

    private static JsonNode scan(ChoosyServer server) throws IOException {
        var run = run(server, "--format", "json");
        assertEquals(0, run.exitCode(), run::toString);
        return new JsonMapper().readTree(run.out()).at("/servers/0");
    }

    private static CommandRun run(ChoosyServer server, String... options) {
        var command = new ArrayList<>(List.of("scan", "127.0.0.1:" + server.port(), "--quiet"));
        command.addAll(List.of(options));
        return CommandRun.of(command.toArray(String[]::new));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
}
