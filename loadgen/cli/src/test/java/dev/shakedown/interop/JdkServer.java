package dev.shakedown.interop;

import dev.shakedown.server.TlsServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server on the JDK's blocking sockets, set up as each test needs it, which notes what clients asked for. Of clients'
 * certificates it trusts those under {@link ClientCertificate#root}.
 */
final class JdkServer implements AutoCloseable {
    private final ScriptedServer server;
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private JdkServer(SSLServerSocket listener) {
        this.server = new ScriptedServer(listener, socket -> {
            var tls = (SSLSocket) socket;
            tls.startHandshake();
            var names = ((ExtendedSSLSession) tls.getSession()).getRequestedServerNames();
            seen.add(tls.getApplicationProtocol() + " "
                    + names.stream().map(JdkServer::text).collect(Collectors.joining(" ")));
        });
    }

    static JdkServer start(Consumer<SSLParameters> setUp) throws Exception {
        var certificate = TlsServerCertificate.make().getFirst();
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", certificate.key(), new char[0],
                certificate.chain().toArray(X509Certificate[]::new));
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var clients = KeyStore.getInstance("PKCS12");
        clients.load(null, null);
        clients.setCertificateEntry("clients", ClientCertificate.root().getCertificate());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(clients);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 100,
                InetAddress.getLoopbackAddress());
        var parameters = listener.getSSLParameters();
        setUp.accept(parameters);
        listener.setSSLParameters(parameters);
        return new JdkServer(listener);
    }

    int port() {
        return server.port();
    }

    /** For each handshake, the application protocol agreed on and the names asked for. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    private static String text(SNIServerName name) {
        return new String(name.getEncoded(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
