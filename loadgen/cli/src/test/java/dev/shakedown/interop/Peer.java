package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.interop.PeerOptions.Feature;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Somebody else's TLS server, run as a process of its own in a temporary directory of its own, on a free port of
 * 127.0.0.1. It lives from {@link Program#start} or {@link OtherProgram#start} to {@link #close}.
 *
 * <p>
 * What it says about full and resumed handshakes comes from its own log and from nothing else. A handshake counts once
 * the server has verified the client's Finished, whatever becomes of the connection afterwards; a connection that fails
 * earlier, such as the one that looks whether the port is open, does not count. Where a server logs requests instead,
 * so that only a connection with a request counts, {@link OtherProgram#countsRequests()} says so.
 *
 * <p>
 * A client may reset the connection behind its last message if that message has left: the server still reads what came
 * before the reset. A client whose ChangeCipherSpec and Finished are two small writes needs TCP_NODELAY for that, or
 * the Finished waits for an acknowledgement and is discarded by its own reset, and the server has seen a failed
 * handshake. {@link HaproxyPeer} is an exception.
 */
abstract sealed class Peer implements Server
        permits OpensslPeer, NginxPeer, HaproxyPeer, GnutlsPeer, NodePeer, LighttpdPeer, H2oPeer, StunnelPeer,
        ApachePeer,
        GoPeer {

    /** How long to wait for what must come; a test that passes never waits this long. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** What the server has done so far, as it says itself. */
    record Counts(long full, long resumed) {
        /** One line for each handshake, which says "full" or "resumed" and nothing else. */
        static Counts ofWords(List<String> lines) {
            return new Counts(Collections.frequency(lines, "full"), Collections.frequency(lines, "resumed"));
        }

        long total() {
            return full + resumed;
        }
    }

    final PeerOptions options;
    private final Path directory;
    private final Path output;
    private final Thread atExit = new Thread(this::end, "peer-end");
    private Process process;
    private int port;
    private String keptLog;

    Peer(PeerOptions options) {
        this.options = options;
        try {
            directory = Files.createTempDirectory("shakedown-peer-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        output = directory.resolve("output.log");
        write("chain.pem", options.certificate().chainPem());
        write("intermediate.pem", options.certificate().intermediatePem());
        write("key.pem", options.certificate().keyPem());
        if (options.has(Feature.CLIENT_CERTIFICATE)) {
            write("clients.pem", ClientCertificate.caPem());
        }
    }

    /** Writes what the server reads at start, and returns the command. Paths are relative to the directory. */
    abstract List<String> command(int port);

    /** Names the log that {@link #count} reads: the process's output unless the server writes another. */
    String sessionLog() {
        return "output.log";
    }

    /** Reads complete log lines, oldest first. */
    abstract Counts count(List<String> lines);

    /** Changes the environment of the process; most servers need nothing. */
    void environment(Map<String, String> environment) {}

    /** Ends what the server needed beside its process, once that has ended; most servers need nothing. */
    void ended() {}

    @Override
    public final int port() {
        return port;
    }

    /** The process the server was started as; its workers, if it has any, are children of it. */
    final long pid() {
        return process.pid();
    }

    /**
     * Waits, bounded, until the server has logged this many handshakes: some write the line only when the connection
     * ends. Returns what is logged then, which is less if the wait ended first.
     */
    final Counts counts(long expectedTotal) {
        var start = System.nanoTime();
        while (true) {
            var counts = count(completeLines());
            if (counts.total() >= expectedTotal || !process.isAlive()
                    || System.nanoTime() - start >= PATIENCE_NANOS) {
                return counts;
            }
            pause();
        }
    }

    @Override
    public final void assertCounts(long full, long resumed) {
        assertEquals(new Counts(full, resumed), counts(full + resumed), this::log);
    }

    /** Waits, bounded, until the server has logged a line that begins so. */
    final void assertLogs(String beginning) {
        assertLogs("'" + beginning + "'", lines -> lines.stream().anyMatch(line -> line.startsWith(beginning)));
    }

    /** Waits, bounded, until the server's log is as wanted. */
    final void assertLogs(String wanted, Predicate<List<String>> reached) {
        var start = System.nanoTime();
        while (!reached.test(completeLines())) {
            if (!process.isAlive() || System.nanoTime() - start >= PATIENCE_NANOS) {
                throw new AssertionError("the server has not logged " + wanted + log());
            }
            pause();
        }
    }

    /** Writes to the server's standard input. */
    final void type(String text) {
        try {
            var input = process.getOutputStream();
            input.write(text.getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of everything the server wrote. */
    @Override
    public final String log() {
        return keptLog != null ? keptLog : readLogs();
    }

    final void start() {
        try {
            for (var attempt = 1; !startOn(freePort()); attempt++) {
                if (attempt == 5) {
                    throw new AssertionError("no port could be bound" + log());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /** Returns false if somebody took the port between our look and the server's. */
    private boolean startOn(int candidate) throws IOException {
        port = candidate;
        var builder = new ProcessBuilder(command(port)).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        environment(builder.environment());
        if (process == null) {
            Runtime.getRuntime().addShutdownHook(atExit);
        }
        process = builder.start();
        var start = System.nanoTime();
        while (process.isAlive()) {
            if (accepts()) {
                return true;
            }
            if (System.nanoTime() - start >= PATIENCE_NANOS) {
                throw new AssertionError("port " + port + " does not accept" + log());
            }
            pause();
        }
        if (Files.readString(output).contains("in use")) {
            return false;
        }
        throw new AssertionError("the server ended with exit code " + process.exitValue() + log());
    }

    private boolean accepts() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** A port below the ephemeral range, so that the many connections of a load test do not sit on it. */
    static int freePort() throws IOException {
        for (var attempt = 1;; attempt++) {
            var candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                if (attempt == 100) {
                    throw taken;
                }
            }
        }
    }

    /** Ends the process and its children and removes the directory; {@link #log} can still be read afterwards. */
    @Override
    public final void close() {
        end();
        ended();
        keptLog = readLogs();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            return;
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        if (process != null) {
            Executable.end(process);
        }
    }

    final void write(String name, String content) {
        try {
            Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server has written of sessions so far. */
    final List<String> completeLines() {
        var log = read(directory.resolve(sessionLog()));
        return log.substring(0, log.lastIndexOf('\n') + 1).lines().toList();
    }

    private String readLogs() {
        try (var files = Files.list(directory)) {
            var logs = new StringBuilder();
            files.filter(file -> file.toString().endsWith(".log")).sorted().forEach(file -> {
                var text = read(file);
                logs.append("\n--- ").append(getClass().getSimpleName()).append(' ').append(file.getFileName())
                        .append(", its end:\n").append(text.substring(Math.max(0, text.length() - 8_000)));
            });
            return logs.toString();
        } catch (IOException e) {
            return "\n--- no log could be read: " + e;
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a server", e);
        }
    }
}
