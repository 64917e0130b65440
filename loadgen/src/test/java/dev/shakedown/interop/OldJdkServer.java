package dev.shakedown.interop;

import dev.shakedown.target.TargetCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The JDK's TLS in a process of its own, with nothing disabled: all its versions and suites, old ones included. */
final class OldJdkServer implements AutoCloseable {
    private final Path security;
    private final Process process;
    private final int port;

    /** @param version the only one it speaks, in the JDK's words */
    OldJdkServer(String version) throws IOException {
        security = Files.createTempFile("shakedown-", ".security");
        Files.writeString(security, "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n"
                + "jdk.certpath.disabledAlgorithms=\n");
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Djava.security.properties=" + security,
                // Without this it takes up no session of SSL 3.0, which has no extended master secret.
                "-Djdk.tls.useExtendedMasterSecret=" + !version.equals("SSLv3"), "-cp",
                System.getProperty("java.class.path"),
                OldJdkServer.class.getName(), version).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (line == null) {
            close();
            throw new IOException("the JDK's server did not start");
        }
        port = Integer.parseInt(line);
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(security);
    }

    /** Serves until it is killed, or whoever started it has gone. */
    public static void main(String[] args) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        for (var certificate : TargetCertificate.make()) {
            keys.setKeyEntry("key" + keys.size(), certificate.key(), new char[0],
                    certificate.chain().toArray(X509Certificate[]::new));
        }
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 100,
                InetAddress.getLoopbackAddress());
        listener.setEnabledProtocols(args);
        listener.setEnabledCipherSuites(List.of(listener.getSupportedCipherSuites()).stream()
                .filter(suite -> !suite.contains("_anon_")).toArray(String[]::new));
        System.out.println(listener.getLocalPort());
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        while (true) {
            var socket = (SSLSocket) listener.accept();
            Thread.startVirtualThread(() -> serve(socket));
        }
    }

    private static void serve(SSLSocket socket) {
        try (socket) {
            socket.getInputStream().read();
        } catch (IOException _) {
            // the client has gone
        }
    }
}
