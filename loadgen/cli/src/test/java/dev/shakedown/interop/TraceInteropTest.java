package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Suite;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** A trace of a handshake against what ssldump and tshark see of the same packets. */
@Tag("interop")
@Timeout(120)
class TraceInteropTest {
    private static final Executable TSHARK = new Executable("tshark", "tshark");
    private static final Executable SSLDUMP = new Executable("ssldump", "ssldump");
    private static final Pattern SSLDUMP_RECORD = Pattern
            .compile("(\\d+)\\s+\\d+\\s+([0-9.]+)\\s+\\([0-9.]+\\)\\s+(C>S|S>C)\\s+V3\\.(\\d)\\((\\d+)\\)\\s+(\\w+).*");
    private static final Pattern SSLDUMP_CONNECTION = Pattern
            .compile("New TCP connection #(\\d+): \\S+\\(\\d+\\) <-> \\S+\\((\\d+)\\)");
    private static final int ATTEMPTS = 5;
    /** Seconds. */
    private static final double LATE = 0.001;

    @TempDir
    private Path directory;

    /** A record: its connection from 1, direction, the header's type, version and length, and when it was seen. */
    private record Seen(int connection, boolean sent, int type, int version, int length, double seconds) {
        String what() {
            return connection + (sent ? " C>S " : " S>C ") + type + " 0x%04x ".formatted(version) + length;
        }
    }

    /**
     * A trace that is made.
     *
     * @param ordered whether the two sides' records keep their order, too
     */
    private record Case(String server, int port, String options, int exitCode, boolean ordered) {}

    /** The servers of all traces; where a program is missing, its cases are left out, and the test has no verdict. */
    private static final class Servers implements AutoCloseable {
        private final List<Closeable> started = new ArrayList<>();
        private final List<Case> cases = new ArrayList<>();
        private final List<TestAbortedException> missing = new ArrayList<>();

        void add(ServerKind kind, PeerOptions peer, String options, int exitCode) throws Exception {
            try {
                var server = kind.start(peer);
                started.add(server::close);
                // GnuTLS sends its tickets before it has the client's Finished, so that these two cross on the wire.
                var ordered = kind != ServerKind.GNUTLS || !options.contains("1.3");
                cases.add(new Case(kind.name(), server.port(), options, exitCode, ordered));
            } catch (TestAbortedException e) {
                missing.add(e);
            }
        }

        void add(ScriptedServer server, String name) {
            started.add(server::close);
            cases.add(new Case(name, server.port(), "--tls 1.2", 1, true));
        }

        @Override
        public void close() throws IOException {
            for (var server : started) {
                server.close();
            }
        }
    }

    /** Of every kind of server and end, within one capture. */
    @Tag("truth")
    @Test
    void sameRecordsInTheSameOrderAtTheSameTime() throws Exception {
        TSHARK.require();
        SSLDUMP.require();
        try (var servers = new Servers(); var ssl3 = new OldJdkServer("SSLv3")) {
            var both = PeerOptions.bothVersions(ServerCertificate.ECDSA_P256);
            for (var kind : List.of(ServerKind.OPENSSL, ServerKind.NGINX, ServerKind.HAPROXY)) {
                servers.add(kind, both, "--tls 1.2 --resume", 0);
                servers.add(kind, both, "--tls 1.3 --resume", 0);
            }
            servers.add(ServerKind.GNUTLS, both, "--tls 1.2-1.3 --resume", 0);
            servers.add(ServerKind.TARGET_BORINGSSL, both, "--resume", 0);
            servers.add(ServerKind.OPENSSL, both, "--tls 1.2 --cipher TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 1);
            servers.add(ServerKind.NGINX, both, "--tls 1.3 --verify once", 1);
            for (var kind : List.of(ServerKind.OPENSSL, ServerKind.GNUTLS)) {
                for (var version : List.of("1.0", "1.1")) {
                    servers.add(kind, PeerOptions.old(ServerCertificate.RSA_2048, version,
                            List.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA)), "--resume --tls " + version, 0);
                }
            }
            servers.cases.add(new Case("SSL 3.0", ssl3.port(), "--resume --tls ssl3", 0, true));
            servers.add(afterTheHello(false), "FIN");
            servers.add(afterTheHello(true), "RST");
            assertSame(servers.cases);
            if (!servers.missing.isEmpty()) {
                throw servers.missing.getFirst();
            }
        }
    }

    /** Nothing but the ClientHello is read, and then it ends without a word. */
    private static ScriptedServer afterTheHello(boolean reset) throws IOException {
        return new ScriptedServer(socket -> {
            var header = socket.getInputStream().readNBytes(5);
            socket.getInputStream().readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
            socket.setSoLinger(reset, 0);
        });
    }

    private void assertSame(List<Case> cases) throws Exception {
        Map<Case, double[]> off = new LinkedHashMap<>();
        var late = cases;
        for (var attempt = 1; attempt <= ATTEMPTS && !late.isEmpty(); attempt++) {
            var packets = directory.resolve("wire-" + attempt + ".pcap");
            var traces = traces(packets, late);
            var byTshark = tshark(packets, late);
            var bySsldump = ssldump(packets);
            traces.forEach((each, traced) -> {
                assertSame(each, byTshark.getOrDefault(each.port, List.of()), traced);
                assertSame(each, bySsldump.getOrDefault(each.port, List.of()), traced);
                // A busy machine is not the trace's fault: each record gets several tries.
                off.merge(each, differences(traced, byTshark.get(each.port), bySsldump.get(each.port)),
                        TraceInteropTest::least);
            });
            late = late.stream().filter(each -> max(off.get(each)) > LATE).toList();
        }
        if (!late.isEmpty()) {
            var sleeper = new Sleeper();
            TimeUnit.SECONDS.sleep(2);
            var machine = sleeper.offMicros();
            var found = late.stream().map(each -> each + " " + Arrays.toString(off.get(each)))
                    .collect(Collectors.joining("\n", "records are off by seconds: ", ""));
            assumeFalse(machine > LATE * 1e6 / 2,
                    () -> "not judged: this machine was busy: it woke a sleeper " + machine + " µs late; " + found);
            throw new AssertionError(found);
        }
    }

    private static Map<Case, List<Seen>> traces(Path packets, List<Case> cases) throws IOException {
        var traces = new LinkedHashMap<Case, List<Seen>>();
        try (var capture = Capture.to(packets, cases.stream().map(Case::port).toList())) {
            for (var each : cases) {
                var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + each.port, "--format", "json"));
                command.addAll(Arrays.asList(each.options.split(" ")));
                var run = CommandRun.of(command.toArray(String[]::new));
                assertEquals(each.exitCode, run.exitCode(), () -> each + " " + run);
                traces.put(each, records(new JsonMapper().readTree(run.out())));
            }
            capture.finish();
        }
        return traces;
    }

    private static List<Seen> records(JsonNode trace) {
        var records = new ArrayList<Seen>();
        for (var connection : trace.get("connections")) {
            for (var event : connection.get("events")) {
                if (event.get("event").asText().equals("record")) {
                    records.add(new Seen(connection.get("number").asInt(), event.get("sent").asBoolean(),
                            event.get("recordType").asInt(), version(event.get("version").asText()),
                            event.get("length").asInt(), event.get("micros").asDouble() / 1e6));
                }
            }
        }
        return records;
    }

    private static int version(String label) {
        return switch (label) {
            case "SSLv3" -> 0x0300;
            case "TLSv1.0" -> 0x0301;
            case "TLSv1.1" -> 0x0302;
            case "TLSv1.2" -> 0x0303;
            default -> throw new AssertionError(label);
        };
    }

    /** By the server's port; seconds count from each connection's first packet. */
    private static Map<Integer, List<Seen>> tshark(Path packets, List<Case> cases) throws IOException {
        var begun = new TreeMap<Integer, Double>();
        var connections = new Connections();
        var command = new ArrayList<>(List.of(TSHARK.require(), "-r", packets.toString(), "-n"));
        cases.forEach(each -> command.addAll(List.of("-d", "tcp.port==" + each.port + ",tls")));
        command.addAll(List.of("-T", "fields", "-e", "tcp.stream", "-e", "frame.time_relative", "-e", "tcp.srcport", //
                "-e", "tcp.dstport", "-e", "tls.record.content_type", "-e", "tls.record.opaque_type", //
                "-e", "tls.record.version", "-e", "tls.record.length", "tcp"));
        for (var line : output(command.toArray(String[]::new))) {
            var fields = line.split("\t", -1);
            var stream = Integer.parseInt(fields[0]);
            var seconds = Double.parseDouble(fields[1]);
            var to = Integer.parseInt(fields[3]);
            if (begun.putIfAbsent(stream, seconds) == null) {
                // The client is the first to say something.
                connections.begin(stream, to);
            }
            if (fields[7].isEmpty()) {
                continue;
            }
            // In TLS 1.3 the header's type goes by another name.
            var types = (fields[4] + "," + fields[5]).split(",");
            var protectedOnly = fields[4].isEmpty();
            var lengths = fields[7].split(",");
            var versions = fields[6].split(",");
            var plain = fields[4].isEmpty() ? 0 : fields[4].split(",").length;
            for (var i = 0; i < lengths.length; i++) {
                connections.add(stream, to == connections.port(stream),
                        protectedOnly || i >= plain ? 23 : Integer.parseInt(types[i]), Integer.decode(versions[i]),
                        Integer.parseInt(lengths[i]), seconds - begun.get(stream));
            }
        }
        return connections.seen;
    }

    private static Map<Integer, List<Seen>> ssldump(Path packets) throws IOException {
        var connections = new Connections();
        for (var line : output(SSLDUMP.require(), "-A", "-n", "-r", packets.toString())) {
            var begin = SSLDUMP_CONNECTION.matcher(line);
            if (begin.lookingAt()) {
                connections.begin(Integer.parseInt(begin.group(1)), Integer.parseInt(begin.group(2)));
            }
            var match = SSLDUMP_RECORD.matcher(line);
            if (match.matches()) {
                connections.add(Integer.parseInt(match.group(1)), match.group(3).equals("C>S"),
                        switch (match.group(6)) {
                            case "ChangeCipherSpec" -> 20;
                            case "Alert" -> 21;
                            case "Handshake" -> 22;
                            case "application_data" -> 23;
                            default -> throw new AssertionError(line);
                        }, 0x0300 + Integer.parseInt(match.group(4)), Integer.parseInt(match.group(5)),
                        Double.parseDouble(match.group(2)));
            }
        }
        return connections.seen;
    }

    /** What an onlooker saw, who numbers all connections in a row, by the server's port and from 1 at each. */
    private static final class Connections {
        private final Map<Integer, Integer> ports = new HashMap<>();
        private final Map<Integer, Integer> numbers = new HashMap<>();
        private final Map<Integer, Integer> begun = new HashMap<>();
        private final Map<Integer, List<Seen>> seen = new HashMap<>();

        void begin(int connection, int port) {
            ports.put(connection, port);
            numbers.put(connection, begun.merge(port, 1, Integer::sum));
        }

        int port(int connection) {
            return ports.get(connection);
        }

        void add(int connection, boolean sent, int type, int version, int length, double seconds) {
            seen.computeIfAbsent(port(connection), _ -> new ArrayList<>())
                    .add(new Seen(numbers.get(connection), sent, type, version, length, seconds));
        }
    }

    private static void assertSame(Case each, List<Seen> everything, List<Seen> traced) {
        var wire = traced(everything, traced);
        if (each.ordered) {
            assertEquals(what(wire), what(traced), each::toString);
        }
        assertEquals(what(bySide(wire)), what(bySide(traced)), each::toString);
    }

    /** Behind a failed handshake there are those that look for its cause. */
    private static List<Seen> traced(List<Seen> everything, List<Seen> traced) {
        return everything.stream().filter(record -> record.connection() <= traced.getLast().connection()).toList();
    }

    private static List<Seen> bySide(List<Seen> records) {
        return records.stream().sorted(Comparator.comparing(Seen::connection).thenComparing(Seen::sent)).toList();
    }

    private static List<String> what(List<Seen> records) {
        return records.stream().map(Seen::what).toList();
    }

    /** By how many seconds each record is off from the one onlooker or the other, whichever is further. */
    private static double[] differences(List<Seen> traced, List<Seen> one, List<Seen> other) {
        var ours = bySide(traced);
        var first = bySide(traced(one, traced));
        var second = bySide(traced(other, traced));
        return IntStream.range(0, ours.size())
                .mapToDouble(i -> Math.max(Math.abs(ours.get(i).seconds() - first.get(i).seconds()),
                        Math.abs(ours.get(i).seconds() - second.get(i).seconds())))
                .toArray();
    }

    private static double[] least(double[] one, double[] other) {
        return IntStream.range(0, Math.min(one.length, other.length)).mapToDouble(i -> Math.min(one[i], other[i]))
                .toArray();
    }

    private static double max(double[] values) {
        return DoubleStream.of(values).max().orElseThrow();
    }

    private static List<String> output(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var in = process.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Wireshark opens both files, finds nothing wrong with them, and decrypts the same. */
    @ParameterizedTest
    @CsvSource({"OPENSSL, --tls 1.2 --resume", "NGINX, --tls 1.3 --resume", "GNUTLS, --tls 1.3"})
    void packetsAndKeysForWireshark(ServerKind kind, String options) throws Exception {
        var packets = directory.resolve("trace.pcap");
        var keys = directory.resolve("keys.log");
        try (var server = kind.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256))) {
            var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + server.port(), "--format", "json", "--pcap",
                    packets.toString(), "--keylog", keys.toString()));
            command.addAll(Arrays.asList(options.split(" ")));
            var run = CommandRun.of(command.toArray(String[]::new));
            assertEquals(0, run.exitCode(), run::toString);
            var finished = new ArrayList<String>();
            new JsonMapper().readTree(run.out()).findParents("verifyData")
                    .forEach(message -> finished.add(message.get("verifyData").asText()));
            assertTrue(finished.size() >= 2);
            var read = String.join("\n", output(TSHARK.require(), "-r", packets.toString(), "-n", "-o",
                    "tls.keylog_file:" + keys, "-d", "tcp.port==" + server.port() + ",tls", "-o",
                    "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-T", "jsonraw"));
            var seen = new ArrayList<String>();
            new JsonMapper().readTree(read).findValues("tls.handshake.verify_data_raw")
                    .forEach(raw -> seen.add(raw.get(0).asText()));
            assertEquals(finished, seen);
            var complaints = output(TSHARK.require(), "-r", packets.toString(), "-n", "-o",
                    "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y",
                    "_ws.expert.severity >= warning or tcp.checksum.status == 0 or ip.checksum.status == 0");
            assertEquals(List.of(), complaints);
            assertEquals(3, output(TSHARK.require(), "-r", packets.toString(), "-n", "-o",
                    "tcp.check_checksum:TRUE", "-Y", "tcp.checksum.status == 1 and tcp.stream == 0").stream()
                    .limit(3).count());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
    }
}
