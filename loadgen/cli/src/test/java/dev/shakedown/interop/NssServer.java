package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.tls.wire.CipherSuite;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * NSS's {@code selfserv}, which still speaks SSL 3.0. It binds to all addresses, so it lives in a network namespace of
 * its own, which it takes root to make. It answers HTTP, and logs a handshake when a request has come.
 */
final class NssServer implements AutoCloseable {
    private static final Executable SELFSERV = new Executable("selfserv", "libnss3-tools");
    private static final Executable IP = new Executable("ip", "iproute2");
    /** For performance tests of networks (RFC 2544), so in use nowhere. */
    private static final String NETWORK = "198.18.77.";
    private static final int PORT = 4433;
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Path directory;
    private final String namespace = "shakedown-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet();
    private final String address;
    private final Thread atExit = new Thread(this::end, "nss-end");
    private Process process;

    /**
     * @param version ssl3, tls1.0, tls1.1 or tls1.2: the only one it speaks
     * @param clients whether it asks for a certificate under {@link ClientCertificate#caPem}, which must come
     * @param options more of selfserv's own
     */
    NssServer(String version, ServerCertificate certificate, List<Suite> suites, boolean clients, String... options)
            throws IOException {
        var selfserv = SELFSERV.require();
        directory = Files.createTempDirectory("shakedown-nss-");
        // A /30 each, four addresses: network, ours, the server's, broadcast.
        var first = STARTED.get() % 60 * 4;
        address = NETWORK + (first + 2);
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            makeNamespace(NETWORK + (first + 1));
            makeDatabase(certificate);
            var command = new ArrayList<>(List.of(IP.require(), "netns", "exec", namespace, selfserv, "-d", ".", "-n",
                    "server", "-p", String.valueOf(PORT), "-V", version + ":" + version, "-H", "1", "-v", "-c",
                    suites.stream().map(suite -> ":%04x".formatted(CipherSuite.valueOf(suite.name()).id()))
                            .collect(Collectors.joining())));
            command.addAll(Arrays.asList(options));
            if (certificate == ServerCertificate.ECDSA_P256) {
                command.set(command.indexOf("-n"), "-e");
            }
            if (clients) {
                Files.writeString(directory.resolve("clients.pem"), ClientCertificate.caPem());
                does("certutil", "-A", "-d", ".", "-n", "clients", "-t", "T,,", "-i", "clients.pem");
                command.addAll(List.of("-r", "-r"));
            }
            process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile()).start();
            awaitStart();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void makeNamespace(String ours) throws IOException {
        if (run(directory, List.of(IP.require(), "netns", "add", namespace)) != 0) {
            new Executable("selfserv (which needs a network namespace, and so root)", "libnss3-tools").missing();
        }
        var pair = "shk" + STARTED.get();
        ip("link", "add", pair + "a", "type", "veth", "peer", "name", pair + "b", "netns", namespace);
        ip("addr", "add", ours + "/30", "dev", pair + "a");
        ip("link", "set", pair + "a", "up");
        ip("-n", namespace, "addr", "add", address + "/30", "dev", pair + "b");
        ip("-n", namespace, "link", "set", pair + "b", "up");
        ip("-n", namespace, "link", "set", "lo", "up");
    }

    private void makeDatabase(ServerCertificate certificate) throws IOException {
        Files.write(directory.resolve("server.p12"), certificate.keyStore("server", PASSWORD));
        does("certutil", "-N", "-d", ".", "--empty-password");
        does("pk12util", "-i", "server.p12", "-d", ".", "-W", new String(PASSWORD));
    }

    private void ip(String... arguments) throws IOException {
        does(IP.require(), arguments);
    }

    private void does(String program, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(program));
        command.addAll(Arrays.asList(arguments));
        if (run(directory, command) != 0) {
            throw new IOException(command + " failed" + log());
        }
    }

    private static int run(Path directory, List<String> command) throws IOException {
        try {
            return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("setup.log").toFile()).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void awaitStart() throws IOException {
        for (var start = System.nanoTime(); System.nanoTime() - start < PATIENCE_NANOS && process.isAlive();) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, PORT), 1000);
                return;
            } catch (IOException _) {
                Peer.pause();
            }
        }
        throw new IOException("selfserv does not accept" + log());
    }

    /** A command's first arguments: it is another machine to who asks. */
    List<String> target() {
        return List.of(address + ":" + PORT, "--authorized-target", address);
    }

    LoadRun load(String options) {
        return LoadRun.against(target(), options);
    }

    CommandRun run(String command, String... options) {
        return CommandRun.of(Stream.of(List.of(command), target(), List.of(options)).flatMap(List::stream)
                .toArray(String[]::new));
    }

    /** Fails unless it has logged exactly these handshakes; waits, bounded, until it has logged as many. */
    void assertCounts(long full, long resumed) {
        var expected = new Peer.Counts(full, resumed);
        for (var start = System.nanoTime(); System.nanoTime() - start < PATIENCE_NANOS && !counts().equals(expected);) {
            Peer.pause();
        }
        assertEquals(expected, counts(), this::log);
    }

    /**
     * The last line that counts hits and misses of its session cache, which are no more than the handshakes it
     * describes.
     */
    private Peer.Counts counts() {
        var log = log();
        var described = Pattern.compile("selfserv: SSL version").matcher(log).results().count();
        var hits = Pattern.compile("(\\d+) cache hits; (\\d+) cache misses").matcher(log).results()
                .mapToLong(line -> Long.parseLong(line.group(1))).max().orElse(0);
        return new Peer.Counts(described - hits, hits);
    }

    /** Those resumed by ticket, which are among the hits, too. */
    long resumedByTicket() {
        return Pattern.compile("(\\d+) stateless resumes").matcher(log()).results()
                .mapToLong(line -> Long.parseLong(line.group(1))).max().orElse(0);
    }

    String log() {
        var log = new StringBuilder();
        for (var name : List.of("setup.log", "output.log")) {
            try {
                log.append("\n--- ").append(name).append('\n')
                        .append(Files.readString(directory.resolve(name), StandardCharsets.ISO_8859_1));
            } catch (IOException _) {
                log.append("is not there");
            }
        }
        return log.toString();
    }

    @Override
    public void close() throws IOException {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            return;
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    /** The pair of interfaces goes with the namespace. */
    private void end() {
        try {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
            run(directory, List.of(IP.require(), "netns", "del", namespace));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
