package dev.shakedown.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The hellos on a port of the loopback interface as tshark reads them: a witness that is neither client nor server.
 *
 * <p>
 * Datagrams to a port of our own, which are captured too, mark where the capture begins and ends: it has begun once the
 * first of them is seen, and what was sent before the last one is seen before it.
 */
final class Capture implements AutoCloseable {
    private static final Executable TSHARK = new Executable("tshark", "tshark");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String PRE_SHARED_KEY = "41";
    private static final String SERVER_HELLO = "2";

    /**
     * A ClientHello or ServerHello.
     *
     * @param preSharedKey whether it has that extension
     * @param identity     the session that a client offers in it, in hex; empty otherwise
     */
    record Hello(boolean fromServer, boolean preSharedKey, String identity) {}

    private final Path directory;
    private final Process process;
    private final DatagramSocket marks;

    /** Returns once everything on the port is captured. */
    Capture(int port) {
        this(List.of(port), "-Y", "tls.handshake.type == 1 or tls.handshake.type == 2 or udp");
    }

    /** As {@link #Capture(int)}, of several ports and with the packets written to {@code file}, too. */
    static Capture to(Path file, List<Integer> ports) {
        return new Capture(ports, "-P", "-F", "pcap", "-w", file.toString());
    }

    private Capture(List<Integer> ports, String... options) {
        try {
            var tshark = TSHARK.require();
            directory = Files.createTempDirectory("shakedown-capture-");
            marks = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var mark = marks.getLocalPort();
            var command = new ArrayList<>(List.of(tshark, "-l", "-n", "-a", "duration:120", "-i", loopback(), //
                    "-f", ports.stream().map(port -> "tcp port " + port + " or ").collect(Collectors.joining())
                            + "udp port " + mark,
                    "-T", "fields", "-e", "tls.handshake.type", "-e", "tls.handshake.extension.type", //
                    "-e", "tls.handshake.extensions.psk.identity.identity", "-e", "udp.payload"));
            ports.forEach(port -> command.addAll(List.of("-d", "tcp.port==" + port + ",tls")));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command).redirectOutput(file("output.log")).redirectError(file("error.log"))
                    .start();
            await("begin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has been sent so far. */
    List<Hello> hellos() {
        finish();
        return lines().stream().map(line -> line.split("\t", -1)).filter(fields -> !fields[0].isEmpty())
                .map(fields -> new Hello(List.of(fields[0].split(",")).contains(SERVER_HELLO),
                        List.of(fields[1].split(",")).contains(PRE_SHARED_KEY), fields[2]))
                .toList();
    }

    /** Returns once everything that has been sent so far is captured. */
    void finish() {
        await("end");
    }

    private void await(String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        var seen = "\t" + HexFormat.of().formatHex(bytes);
        var start = System.nanoTime();
        while (lines().stream().noneMatch(line -> line.endsWith(seen))) {
            if (!process.isAlive()) {
                // As a user it may not capture.
                System.err.println(read("error.log"));
                close();
                TSHARK.missing();
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                close();
                throw new AssertionError("tshark does not see '" + text + "'");
            }
            try {
                marks.send(new DatagramPacket(bytes, bytes.length, marks.getLocalSocketAddress()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Peer.pause();
        }
    }

    /** {@code lo} on Linux, {@code lo0} elsewhere. */
    private static String loopback() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getName();
    }

    private List<String> lines() {
        var text = read("output.log");
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private String read(String name) {
        try {
            return Files.readString(file(name).toPath(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private File file(String name) {
        return directory.resolve(name).toFile();
    }

    /** tshark removes what it has written for itself when it ends. */
    @Override
    public void close() {
        Executable.end(process);
        marks.close();
        for (var name : List.of("output.log", "error.log", "")) {
            file(name).delete();
        }
    }
}
