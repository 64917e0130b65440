package dev.shakedown.server;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A client on the JDK's TLS, limited to the version of its cipher suites, that keeps its sessions from one connection
 * to the next.
 */
final class JdkClient {
    private final TlsServer target;
    private final String[] suites;
    private final SSLContext context;
    private final CertificateCount certificates = new CertificateCount();

    JdkClient(TlsServer target, String... suites) throws Exception {
        this.target = target;
        this.suites = suites;
        this.context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{certificates}, null);
    }

    /** Returns a connection whose handshake is done. */
    SSLSocket connect() throws IOException {
        return connect(_ -> {});
    }

    /** Returns a connection whose handshake is done, with a customised offer. */
    SSLSocket connect(Consumer<SSLParameters> change) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", target.address().getPort());
        var offer = socket.getSSLParameters();
        offer.setCipherSuites(suites);
        offer.setProtocols(new String[]{suites[0].contains("_WITH_") ? "TLSv1.2" : "TLSv1.3"});
        change.accept(offer);
        socket.setSSLParameters(offer);
        socket.startHandshake();
        return socket;
    }

    /** Number of certificates seen, which is that of full handshakes: a server that resumes sends none. */
    int certificatesSeen() {
        return certificates.seen;
    }

    /** Trusts every server, and counts the certificates. */
    private static final class CertificateCount implements X509TrustManager {
        private int seen;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
            throw new AssertionError("no client is expected here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
            seen++;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
