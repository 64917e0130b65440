package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.List;

/**
 * nginx, one worker, whose stream module ends TLS and hands the bytes to an HTTP server within the same nginx, so that
 * the connection stays open until the client closes it or asks for a page.
 *
 * <p>
 * A session is logged when it ends. It is logged only if it has an upstream, which is how one sees that TLS was
 * established: {@code $ssl_cipher} is set as soon as the suite is chosen, and {@code $status} is not 200 if the client
 * resets. {@code $ssl_curve} is read for those sessions only: where the handshake failed before a suite was chosen,
 * nginx 1.22 with OpenSSL 3.0 dereferences a null session in reading it, and the worker dies of SIGSEGV.
 *
 * <p>
 * The session cache is shared memory of 10 MB, about 40,000 sessions by nginx's manual.
 */
sealed class NginxPeer extends Peer permits NginxHttpPeer {

    NginxPeer(PeerOptions options) {
        super(options);
    }

    @Override
    final String sessionLog() {
        return "sessions.log";
    }

    @Override
    final List<String> command(int port) {
        write("nginx.conf", """
                %s
                user root;
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                lock_file nginx.lock;
                error_log error.log info;
                events {
                    worker_connections 2048;
                }
                stream {
                    %s
                }
                http {
                    client_body_temp_path temp;
                    proxy_temp_path temp;
                    fastcgi_temp_path temp;
                    uwsgi_temp_path temp;
                    scgi_temp_path temp;
                    %s
                }
                """.formatted(Program.nginxStream().orElseThrow(), stream(port), http()));
        return List.of(Program.NGINX.path(), "-p", ".", "-c", "nginx.conf", "-e", "error.log");
    }

    /** What the stream module does. */
    String stream(int port) {
        return """
                map $upstream_addr $group {
                    "" "-";
                    default $ssl_curve;
                }
                log_format session "$ssl_session_reused $ssl_protocol $ssl_cipher $group $ssl_client_verify";
                """ + (options.has(Feature.CHANGING_TICKET_KEYS) ? inTurn(port) : session("127.0.0.1:" + port, ""));
    }

    private String inTurn(int port) {
        write("even.key", "e".repeat(48));
        write("odd.key", "o".repeat(48));
        return """
                upstream sessions {
                    server unix:even.sock;
                    server unix:odd.sock;
                }
                server {
                    listen 127.0.0.1:%d;
                    proxy_pass sessions;
                }
                """.formatted(port) + session("unix:even.sock", "ssl_session_ticket_key even.key;")
                + session("unix:odd.sock", "ssl_session_ticket_key odd.key;");
    }

    private String session(String address, String ticketKey) {
        return """
                server {
                    listen %s ssl;
                    access_log sessions.log session if=$upstream_addr;
                    %s
                    %s
                    proxy_pass unix:web.sock;
                }
                """.formatted(address, tls(), ticketKey);
    }

    /** What the http module does. */
    String http() {
        return """
                access_log off;
                server {
                    listen unix:web.sock;
                    return 200 "ok\\n";
                }
                """;
    }

    /** TLS as the options say, for a server in either module. */
    final String tls() {
        if (options.has(Feature.SHARED_TICKET_KEY)) {
            write("shared.key", "s".repeat(80));
        }
        return """
                ssl_certificate chain.pem;
                ssl_certificate_key key.pem;
                ssl_protocols%s%s;
                ssl_ciphers %s;
                ssl_conf_command Ciphersuites %s;
                ssl_conf_command Options %sEncryptThenMac;
                ssl_ecdh_curve %s;
                ssl_session_tickets %s;
                ssl_session_cache %s;
                %s
                %s
                %s
                """.formatted(options.tls12() ? " TLSv1.2" : "", options.tls13() ? " TLSv1.3" : "",
                options.opensslCiphers(), options.opensslCiphersuites(), options.encryptThenMac() ? "" : "-",
                options.group().openssl(), options.tickets() ? "on" : "off",
                options.cache() ? "shared:sessions:10m" : "off",
                options.has(Feature.SHARED_TICKET_KEY) ? "ssl_session_ticket_key shared.key;" : "",
                options.has(Feature.SHORT_SESSIONS) ? "ssl_session_timeout 3s;" : "",
                options.has(Feature.CLIENT_CERTIFICATE)
                        ? "ssl_client_certificate clients.pem; ssl_verify_client on;"
                        : "");
    }

    /** {@code $ssl_session_reused} is "r" for a resumed session and "." for a new one. */
    @Override
    final Counts count(List<String> lines) {
        return new Counts(lines.stream().filter(line -> line.startsWith(". ")).count(),
                lines.stream().filter(line -> line.startsWith("r ")).count());
    }
}
