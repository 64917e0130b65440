package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.List;
import java.util.Map;

/**
 * haproxy in the foreground with one thread, answering HTTP itself. It logs one line for each connection when that
 * ends.
 *
 * <p>
 * A connection on which no request came is an error to haproxy and takes the error format, whether or not TLS was
 * established; {@code fc_err} tells the two apart (0: nothing went wrong up to the end of the handshake).
 *
 * <p>
 * It does not go with a client that resets behind a resumed handshake. Where the reset is there by the time the
 * client's Finished is read, the handshake is logged as failed ({@code fc_err} 34), about one in ten here; and a cached
 * session whose connection was reset is forgotten, so that none is resumed by session ID. Full handshakes are counted
 * all the same: the server is done before the client is.
 *
 * <p>
 * Its session cache is counted in blocks, 20,000 here. It has no setting for encrypt_then_mac, so that is turned off
 * through OpenSSL's own configuration file.
 */
final class HaproxyPeer extends Peer {

    HaproxyPeer(PeerOptions options) {
        super(options);
    }

    @Override
    List<String> command(int port) {
        write("all.pem", options.certificate().chainPem() + "\n" + options.certificate().keyPem());
        write("openssl.cnf", """
                openssl_conf = program
                [program]
                ssl_conf = tls
                [tls]
                system_default = every_context
                [every_context]
                Options = -EncryptThenMac
                """);
        write("haproxy.cfg", """
                global
                  log stdout format raw local0
                  nbthread 1
                  maxconn 400
                  tune.ssl.cachesize %d
                  ssl-default-bind-options ssl-min-ver %s ssl-max-ver %s%s
                  ssl-default-bind-ciphers %s
                  ssl-default-bind-ciphersuites %s
                defaults
                  mode http
                  log global
                  option httpclose
                  timeout client 60s
                frontend tls
                  bind 127.0.0.1:%d ssl crt all.pem curves %s%s%s
                  log-format "session %%[ssl_fc_is_resumed] %%[fc_err] %%sslv %%sslc"
                  error-log-format "session %%[ssl_fc_is_resumed] %%[fc_err] %%sslv %%sslc %%[fc_err_str]"
                  http-request return status 200 content-type text/plain string ok
                """.formatted(options.cache() ? 20_000 : 0, options.tls12() ? "TLSv1.2" : "TLSv1.3",
                options.tls13() ? "TLSv1.3" : "TLSv1.2", options.tickets() ? "" : " no-tls-tickets",
                options.opensslCiphers(), options.opensslCiphersuites(), port, options.group().openssl(),
                options.has(Feature.CLIENT_CERTIFICATE) ? " ca-file clients.pem verify required" : "",
                options.has(Feature.EARLY_DATA) ? " allow-0rtt" : ""));
        return List.of(Program.HAPROXY.path(), "-db", "-f", "haproxy.cfg");
    }

    @Override
    void environment(Map<String, String> environment) {
        if (!options.encryptThenMac()) {
            environment.put("OPENSSL_CONF", "openssl.cnf");
        }
    }

    @Override
    Counts count(List<String> lines) {
        return new Counts(lines.stream().filter(line -> line.startsWith("session 0 0 ")).count(),
                lines.stream().filter(line -> line.startsWith("session 1 0 ")).count());
    }
}
