package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.nio.file.Path;
import java.util.List;

/**
 * Apache's httpd, one process of 64 threads. It logs requests, not handshakes: a connection on which no request came is
 * not counted, and there is one request to a connection.
 *
 * <p>
 * It answers with its own status: its process is not root's, and may not read the directory.
 */
final class ApachePeer extends Peer {
    /** Where Debian has them. */
    static final Path MODULES = Path.of("/usr/lib/apache2/modules");

    ApachePeer(PeerOptions options) {
        super(options);
    }

    @Override
    String sessionLog() {
        return "sessions.log";
    }

    @Override
    List<String> command(int port) {
        write("httpd.conf", """
                LoadModule mpm_event_module %1$s/mod_mpm_event.so
                LoadModule authz_core_module %1$s/mod_authz_core.so
                LoadModule socache_shmcb_module %1$s/mod_socache_shmcb.so
                LoadModule ssl_module %1$s/mod_ssl.so
                LoadModule status_module %1$s/mod_status.so
                Listen 127.0.0.1:%2$d
                ServerName localhost
                User nobody
                Group nogroup
                DefaultRuntimeDir .
                PidFile httpd.pid
                ErrorLog error.log
                LogLevel info
                LogFormat "%%{SSL_SESSION_RESUMED}x %%{SSL_PROTOCOL}x %%{SSL_CIPHER}x" session
                CustomLog sessions.log session
                StartServers 1
                ServerLimit 1
                ThreadsPerChild 64
                MaxRequestWorkers 64
                KeepAlive Off
                SetHandler server-status
                SSLEngine on
                SSLCertificateFile chain.pem
                SSLCertificateKeyFile key.pem
                SSLProtocol -all %3$s %4$s
                SSLSessionTickets %5$s
                SSLSessionCache %6$s
                %7$s
                """.formatted(MODULES, port, options.tls12() ? "+TLSv1.2" : "", options.tls13() ? "+TLSv1.3" : "",
                options.tickets() ? "on" : "off", options.cache() ? "shmcb:cache(10240000)" : "none",
                options.has(Feature.CLIENT_CERTIFICATE)
                        ? "SSLVerifyClient require\nSSLVerifyDepth 2\nSSLCACertificateFile clients.pem"
                        : ""));
        return List.of(OtherProgram.APACHE.path(), "-X", "-d", ".", "-f", "httpd.conf");
    }

    @Override
    Counts count(List<String> lines) {
        return new Counts(lines.stream().filter(line -> line.startsWith("Initial ")).count(),
                lines.stream().filter(line -> line.startsWith("Resumed ")).count());
    }
}
