package dev.shakedown.interop;

import java.util.List;
import java.util.Map;

/**
 * h2o with one thread. It logs requests, not handshakes: a connection on which no request came is not counted, and of
 * several on one connection the first is. Its own setting for the newest version of TLS does not know 1.3, so the
 * versions are set through OpenSSL's configuration file.
 *
 * <p>
 * The key of its tickets is made by a thread of its own after the port accepts; a ticket given before that is under a
 * key that nobody keeps, and will be declined.
 */
final class H2oPeer extends Peer {

    H2oPeer(PeerOptions options) {
        super(options);
    }

    @Override
    String sessionLog() {
        return "sessions.log";
    }

    @Override
    List<String> command(int port) {
        write("h2o.conf", """
                num-threads: 1
                error-log: error.log
                access-log:
                  path: sessions.log
                  format: "%%{ssl.session-reused}x %%{http1.request-index}x %%{ssl.protocol-version}x %%{ssl.cipher}x"
                ssl-session-resumption:
                  mode: %s
                listen:
                  host: 127.0.0.1
                  port: %d
                  ssl:
                    certificate-file: chain.pem
                    key-file: key.pem
                    ocsp-update-interval: 0
                hosts:
                  default:
                    paths:
                      /:
                        mruby.handler: Proc.new { [200, {}, ["ok\\n"]] }
                """.formatted(resumption(), port));
        write("openssl.cnf", """
                openssl_conf = program
                [program]
                ssl_conf = tls
                [tls]
                system_default = every_context
                [every_context]
                MinProtocol = %s
                MaxProtocol = %s
                """.formatted(options.tls12() ? "TLSv1.2" : "TLSv1.3", options.tls13() ? "TLSv1.3" : "TLSv1.2"));
        return List.of(OtherProgram.H2O.path(), "-m", "worker", "-c", "h2o.conf");
    }

    @Override
    void environment(Map<String, String> environment) {
        environment.put("OPENSSL_CONF", "openssl.cnf");
    }

    private String resumption() {
        if (options.tickets()) {
            return options.cache() ? "all" : "ticket";
        }
        return options.cache() ? "cache" : "off";
    }

    @Override
    Counts count(List<String> lines) {
        return new Counts(lines.stream().filter(line -> line.startsWith("0 1 ")).count(),
                lines.stream().filter(line -> line.startsWith("1 1 ")).count());
    }
}
