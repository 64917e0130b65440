package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Suite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace of a handshake against what ssldump and tshark see of the same packets. */
@Tag("interop")
@Timeout(120)
class TraceInteropTest {
    private static final Executable TSHARK = new Executable("tshark", "tshark");
    private static final Executable SSLDUMP = new Executable("ssldump", "ssldump");
    private static final Pattern SSLDUMP_RECORD = Pattern
            .compile("(\\d+)\\s+\\d+\\s+([0-9.]+)\\s+\\([0-9.]+\\)\\s+(C>S|S>C)\\s+V3\\.(\\d)\\((\\d+)\\)\\s+(\\w+).*");
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

    @Tag("truth")
    @ParameterizedTest
    @CsvSource({"OPENSSL, --tls 1.2 --resume, 0", "OPENSSL, --tls 1.3 --resume, 0", "NGINX, --tls 1.2 --resume, 0",
        "NGINX, --tls 1.3 --resume, 0", "HAPROXY, --tls 1.2 --resume, 0", "HAPROXY, --tls 1.3 --resume, 0",
        "GNUTLS, --tls 1.2-1.3 --resume, 0", "TARGET_BORINGSSL, --resume, 0",
        "OPENSSL, --tls 1.2 --cipher TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 1",
        "NGINX, --tls 1.3 --verify once, 1"})
    void sameRecordsInTheSameOrderAtTheSameTime(ServerKind kind, String options, int exitCode) throws Exception {
        try (var server = kind.start(PeerOptions.bothVersions(ServerCertificate.ECDSA_P256))) {
            assertSame(server.port(), options, exitCode, kind != ServerKind.GNUTLS);
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, 1.0", "OPENSSL, 1.1", "GNUTLS, 1.0", "GNUTLS, 1.1"})
    void theSameOfOldVersions(ServerKind kind, String version) throws Exception {
        try (var server = kind.start(PeerOptions.old(ServerCertificate.RSA_2048, version,
                List.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA)))) {
            assertSame(server.port(), "--resume --tls " + version, 0, true);
        }
    }

    @Tag("truth")
    @Test
    void theSameOfSsl3() throws Exception {
        try (var server = new OldJdkServer("SSLv3")) {
            assertSame(server.port(), "--resume --tls ssl3", 0, true);
        }
    }

    /** Nothing but the ClientHello, and then an end without a word. */
    @Tag("truth")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSameOfConnectionsThatEnd(boolean reset) throws Exception {
        try (var server = new ScriptedServer(socket -> {
            var header = socket.getInputStream().readNBytes(5);
            socket.getInputStream().readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
            socket.setSoLinger(reset, 0);
        })) {
            assertSame(server.port(), "--tls 1.2", 1, true);
        }
    }

    /** @param ordered whether the two sides' records keep their order, too */
    private void assertSame(int port, String options, int exitCode, boolean ordered) throws Exception {
        TSHARK.require();
        SSLDUMP.require();
        double[] off = null;
        for (var attempt = 1; attempt <= ATTEMPTS && (off == null || max(off) > LATE); attempt++) {
            var packets = directory.resolve("wire-" + attempt + ".pcap");
            var traced = trace(port, packets, options, exitCode);
            var byTshark = tshark(packets, port);
            var bySsldump = ssldump(packets);
            assertSame(ordered, byTshark, traced);
            assertSame(ordered, bySsldump, traced);
            // A machine that was busy otherwise is no fault of the trace: each record gets some tries.
            var differences = differences(traced, byTshark, bySsldump);
            off = off == null ? differences : least(off, differences);
        }
        assertTrue(max(off) <= LATE, "records are off by seconds: " + Arrays.toString(off));
    }

    private List<Seen> trace(int port, Path packets, String options, int exitCode) throws IOException {
        try (var capture = Capture.to(packets, port)) {
            var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + port, "--format", "json"));
            command.addAll(Arrays.asList(options.split(" ")));
            var run = CommandRun.of(command.toArray(String[]::new));
            assertEquals(exitCode, run.exitCode(), run::toString);
            capture.finish();
            return records(new JsonMapper().readTree(run.out()));
        }
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

    /** Seconds count from each connection's first packet. */
    private static List<Seen> tshark(Path packets, int port) throws IOException {
        var begun = new TreeMap<Integer, Double>();
        var records = new ArrayList<Seen>();
        for (var line : output(TSHARK.require(), "-r", packets.toString(), "-n", "-d", "tcp.port==" + port + ",tls",
                "-T", "fields", "-e", "tcp.stream", "-e", "frame.time_relative", "-e", "tcp.dstport", //
                "-e", "tls.record.content_type", "-e", "tls.record.opaque_type", "-e", "tls.record.version", //
                "-e", "tls.record.length", "tcp")) {
            var fields = line.split("\t", -1);
            var stream = Integer.parseInt(fields[0]);
            var seconds = Double.parseDouble(fields[1]);
            begun.putIfAbsent(stream, seconds);
            if (fields[6].isEmpty()) {
                continue;
            }
            // In TLS 1.3 the header's type goes by another name.
            var types = (fields[3] + "," + fields[4]).split(",");
            var protectedOnly = fields[3].isEmpty();
            var lengths = fields[6].split(",");
            var versions = fields[5].split(",");
            var plain = fields[3].isEmpty() ? 0 : fields[3].split(",").length;
            for (var i = 0; i < lengths.length; i++) {
                records.add(new Seen(stream + 1, Integer.parseInt(fields[2]) == port,
                        protectedOnly || i >= plain ? 23 : Integer.parseInt(types[i]), Integer.decode(versions[i]),
                        Integer.parseInt(lengths[i]), seconds - begun.get(stream)));
            }
        }
        return records;
    }

    private static List<Seen> ssldump(Path packets) throws IOException {
        var records = new ArrayList<Seen>();
        for (var line : output(SSLDUMP.require(), "-A", "-n", "-r", packets.toString())) {
            var match = SSLDUMP_RECORD.matcher(line);
            if (match.matches()) {
                records.add(new Seen(Integer.parseInt(match.group(1)), match.group(3).equals("C>S"),
                        switch (match.group(6)) {
                            case "ChangeCipherSpec" -> 20;
                            case "Alert" -> 21;
                            case "Handshake" -> 22;
                            case "application_data" -> 23;
                            default -> throw new AssertionError(line);
                        }, 0x0300 + Integer.parseInt(match.group(4)), Integer.parseInt(match.group(5)),
                        Double.parseDouble(match.group(2))));
            }
        }
        return records;
    }

    /** GnuTLS sends its tickets before it has the client's Finished, so that these two cross on the wire. */
    private static void assertSame(boolean ordered, List<Seen> everything, List<Seen> traced) {
        var wire = traced(everything, traced);
        if (ordered) {
            assertEquals(what(wire), what(traced));
        }
        assertEquals(what(bySide(wire)), what(bySide(traced)));
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
