package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.trace.ChoosyServer.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A trace also shows what servers send that is not a record, or never ends, and how the connection ended. */
@Tag("interop")
@Timeout(60)
class RemainsTest {
    private static final byte[] HTTP = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HALF_RECORD = {22, 3, 3, 0, 80, 2, 0};

    @TempDir
    private Path directory;

    @Test
    void anAnswerInHttp() throws Exception {
        try (var server = new ChoosyServer(visit -> visit.say(HTTP))) {
            var events = events(server, 1, "--pcap", directory.resolve("t.pcap").toString());
            assertEquals(List.of("connected", "record", "remains", "record", "closed", "closed"), kinds(events));
            assertEquals(HexFormat.of().formatHex(HTTP), events.get(2).get("bytes").asText());
            var packets = HexFormat.of().formatHex(Files.readAllBytes(directory.resolve("t.pcap")));
            assertTrue(packets.contains(HexFormat.of().formatHex(HTTP)), packets);
            var text = text(server);
            assertTrue(text.contains("S>C  28 bytes that are no whole record\n"
                    + "      48 54 54 50 2f 31 2e 31 20 34 30 30 20 42 61 64  HTTP/1.1 400 Bad"), text);
            assertTrue(text.contains("S>C  TCP FIN"), text);
        }
    }

    @Test
    void aRecordThatEndsInFin() throws Exception {
        assertPartAndEnd(visit -> visit.say(HALF_RECORD), List.of("remains", "closed", "closed"), "S>C  TCP FIN");
    }

    @Test
    void aRecordThatNeverEnds() throws Exception {
        Script silent = visit -> {
            visit.socket().getOutputStream().write(HALF_RECORD);
            visit.socket().getInputStream().read();
        };
        assertPartAndEnd(silent, List.of("remains", "expired", "closed", "closed"), "time is up\n");
    }

    /** The client's FIN may come before or after. */
    private void assertPartAndEnd(Script script, List<String> ends, String line) throws Exception {
        try (var server = new ChoosyServer(script)) {
            var events = events(server, 1, "--timeout", "300ms");
            assertEquals(ends, kinds(events).subList(2, events.size()));
            assertEquals(HexFormat.of().formatHex(HALF_RECORD), events.get(2).get("bytes").asText());
            var text = text(server, "--timeout", "300ms", "--hex");
            assertTrue(text.contains(line), text);
            assertTrue(text.contains("16 03 03 00 50 02 00"), text);
        }
    }

    @Test
    void aReset() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            visit.socket().getOutputStream().write(HALF_RECORD);
            visit.reset();
        })) {
            var text = text(server);
            assertTrue(text.contains("S>C  TCP RST"), text);
        }
    }

    /** Mail servers say goodbye in the clear once TLS has ended. */
    @Test
    void whatComesBehindTheClientsEndIsShownAndNotJudged() throws Exception {
        try (var server = new ChoosyServer(visit -> visit.serveUntil((fromServer, record) -> !fromServer
                && record[0] == 21, () -> visit.say("421 bye\r\n".getBytes(StandardCharsets.US_ASCII))))) {
            var events = events(server, 0, "--tls", "1.2");
            assertTrue(kinds(events).contains("remains"), events::toString);
            var text = text(server, "--tls", "1.2");
            assertTrue(text.contains("421 bye"), text);
            assertTrue(text.contains("completed: full TLSv1.2 handshake"), text);
        }
    }

    /** Warnings are ignored, so a server can send them for as long as there is time. */
    @Test
    void aFloodOfWarningsIsNotKept() throws Exception {
        var warnings = new byte[7 * 1000];
        for (var i = 0; i < warnings.length; i += 7) {
            System.arraycopy(new byte[]{21, 3, 3, 0, 2, 1, 100}, 0, warnings, i, 7);
        }
        Script flood = visit -> {
            while (true) {
                visit.socket().getOutputStream().write(warnings);
            }
        };
        try (var server = new ChoosyServer(flood)) {
            var events = events(server, 1, "--timeout", "1s", "--tls", "1.2");
            assertTrue(events.size() <= 2 * EventLog.KEPT + 10, "kept " + events.size());
            var omitted = events.findParents("events").getFirst();
            assertEquals("omitted", omitted.get("event").asText());
            assertTrue(omitted.get("events").asLong() > EventLog.KEPT, omitted::toString);
            var expired = kinds(events).indexOf("expired");
            assertTrue(expired >= EventLog.KEPT, () -> expired + " of " + events.size());
            var text = text(server, "--timeout", "1s", "--tls", "1.2");
            assertTrue(text.contains(" records left out\n") && text.contains("time is up\n"),
                    text.substring(text.length() - 500));
        }
    }

    /** One byte now and then does not put the end off. */
    @Test
    void aGreetingInDripsEndsInTime() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = listener.accept()) {
                    for (var i = 0; i < 100; i++) {
                        socket.getOutputStream().write('2');
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException _) {
                    // the client has gone
                }
            });
            var begun = System.nanoTime();
            var run = CommandRun.of("trace", "127.0.0.1:" + listener.getLocalPort(), "--starttls", "smtp", "--timeout",
                    "1s");
            var took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took::toString);
            assertTrue(run.out().contains("failed at connect: timeout"), run::toString);
            assertTrue(run.out().contains("time is up\n"), run::toString);
        }
    }

    private static JsonNode events(ChoosyServer server, int exitCode, String... options) throws IOException {
        var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + server.port(), "--format", "json"));
        command.addAll(Arrays.asList(options));
        var run = CommandRun.of(command.toArray(String[]::new));
        assertEquals(exitCode, run.exitCode(), run::err);
        return new JsonMapper().readTree(run.out()).at("/connections/0/events");
    }

    private static List<String> kinds(JsonNode events) {
        return events.findValuesAsText("event");
    }

    private static String text(ChoosyServer server, String... options) {
        var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + server.port()));
        command.addAll(Arrays.asList(options));
        return CommandRun.of(command.toArray(String[]::new)).out().replace(System.lineSeparator(), "\n");
    }
}
