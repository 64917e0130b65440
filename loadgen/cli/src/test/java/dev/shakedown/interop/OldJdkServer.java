package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.server.TlsServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The JDK's TLS in a process of its own, with nothing disabled: all its versions and suites, old ones included. */
final class OldJdkServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Path security;
    private final Path authorities;
    private final Process process;
    private final int port;
    private final AtomicInteger full = new AtomicInteger();
    private final AtomicInteger resumed = new AtomicInteger();

    /** @param version the only one it speaks, in the JDK's words */
    OldJdkServer(String version) throws IOException {
        security = Files.createTempFile("shakedown-", ".security");
        Files.writeString(security, "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n"
                + "jdk.certpath.disabledAlgorithms=\n");
        authorities = Files.createTempFile("shakedown-", ".pem");
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Djava.security.properties=" + security,
                // Without this it resumes no SSL 3.0 session, since that has no extended master secret.
                "-Djdk.tls.useExtendedMasterSecret=" + !version.equals("SSLv3"), "-cp",
                System.getProperty("java.class.path"),
                OldJdkServer.class.getName(), authorities.toString(), version)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var out = process.inputReader(StandardCharsets.UTF_8);
        var line = out.readLine();
        if (line == null) {
            close();
            throw new IOException("the JDK's server did not start");
        }
        port = Integer.parseInt(line);
        Thread.ofPlatform().daemon().start(() -> out.lines()
                .forEach(kind -> (kind.equals("full") ? full : resumed).incrementAndGet()));
    }

    /** What verifies its certificates. */
    Path authorities() {
        return authorities;
    }

    /** Fails unless it has done exactly these handshakes; waits, bounded, until it has done as many. */
    void assertCounts(int fullOnes, int resumedOnes) {
        var expected = new Peer.Counts(fullOnes, resumedOnes);
        for (var start = System.nanoTime(); System.nanoTime() - start < PATIENCE_NANOS
                && !counts().equals(expected);) {
            Peer.pause();
        }
        assertEquals(expected, counts());
    }

    private Peer.Counts counts() {
        return new Peer.Counts(full.get(), resumed.get());
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(security);
        Files.deleteIfExists(authorities);
    }

    /**
     * Serves until it is killed, or the process that started it has ended.
     *
     * @param args where to write its authorities, and its version
     */
    public static void main(String[] args) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        var authorities = new StringBuilder();
        for (var certificate : TlsServerCertificate.make()) {
            authorities.append(certificate.caPem());
            keys.setKeyEntry("key" + keys.size(), certificate.key(), new char[0],
                    certificate.chain().toArray(X509Certificate[]::new));
        }
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        Files.writeString(Path.of(args[0]), authorities);
        context.init(managers.getKeyManagers(), null, null);
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 100,
                InetAddress.getLoopbackAddress());
        listener.setEnabledProtocols(new String[]{args[1]});
        listener.setEnabledCipherSuites(List.of(listener.getSupportedCipherSuites()).stream()
                .filter(suite -> !suite.contains("_anon_")).toArray(String[]::new));
        System.out.println(listener.getLocalPort());
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        while (true) {
            var socket = (SSLSocket) listener.accept();
            var acceptedMillis = System.currentTimeMillis();
            Thread.startVirtualThread(() -> serve(socket, acceptedMillis));
        }
    }

    /** The JDK does not tell the kind, but when the session was made: for a resumed handshake, before it began. */
    private static void serve(SSLSocket socket, long acceptedMillis) {
        try (socket) {
            socket.startHandshake();
            System.out.println(socket.getSession().getCreationTime() < acceptedMillis ? "resumed" : "full");
            socket.getInputStream().read();
        } catch (IOException _) {
            // the client has gone
        }
    }
}
