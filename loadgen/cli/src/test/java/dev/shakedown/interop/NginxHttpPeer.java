package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;

/**
 * nginx whose http module ends TLS, which is the one that takes early data; its stream module only hands on bytes. It
 * logs requests, not sessions, so that each connection must send one. Whether that came as early data is noted when the
 * request is taken up: by the time of the log line the handshake is complete.
 */
final class NginxHttpPeer extends NginxPeer {
    private final boolean refusing;

    /** @param refusing whether every other connection meets a server that knows the tickets, but takes no early data */
    private NginxHttpPeer(PeerOptions options, boolean refusing) {
        super(options);
        this.refusing = refusing;
        write("ticket.key", "k".repeat(48));
    }

    static NginxHttpPeer start(PeerOptions options, boolean refusing) {
        Program.NGINX.require();
        var peer = new NginxHttpPeer(options, refusing);
        peer.start();
        return peer;
    }

    /** How many requests came as early data and were taken. */
    long earlyRequests() {
        return completeLines().stream().filter(line -> line.startsWith("r 01 ")).count();
    }

    @Override
    String stream(int port) {
        return """
                upstream web {
                    server unix:early.sock;
                    %s
                }
                server {
                    listen 127.0.0.1:%d;
                    proxy_pass web;
                }
                """.formatted(refusing ? "server unix:late.sock;" : "", port);
    }

    @Override
    String http() {
        return """
                log_format session "$ssl_session_reused $early $ssl_protocol $ssl_cipher $ssl_curve $ssl_client_verify";
                access_log sessions.log session;
                ssl_session_ticket_key ticket.key;
                """ + server("early", options.has(Feature.EARLY_DATA)) + (refusing ? server("late", false) : "");
    }

    private String server(String name, boolean takesEarlyData) {
        return """
                server {
                    listen unix:%s.sock ssl;
                    ssl_early_data %s;
                    %s
                    set $early 0$ssl_early_data;
                    return 200 "ok\\n";
                }
                """.formatted(name, takesEarlyData ? "on" : "off", tls());
    }
}
