package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code openssl s_server}. It serves one connection at a time: the next is accepted when the client has closed the one
 * before. Its session cache holds 128 sessions ("128 allowed" in its own statistics) and drops the oldest.
 *
 * <p>
 * Counts come from what it prints for each connection after the handshake. Its statistics (the {@code S} command, or
 * the {@code -www} page) would not do: a session found for a ClientHello is a "hit" there even if the handshake then
 * fails, and with {@code -www} nothing is printed per connection at all.
 */
final class OpensslPeer extends Peer {

    OpensslPeer(PeerOptions options) {
        super(options);
    }

    @Override
    List<String> command(int port) {
        var command = new ArrayList<>(List.of(Program.OPENSSL.path(), "s_server", "-accept", "127.0.0.1:" + port,
                "-cert", "chain.pem", "-cert_chain", "intermediate.pem", "-key", "key.pem", "-cipher",
                options.opensslCiphers(), "-ciphersuites", options.opensslCiphersuites(), "-groups",
                options.group().openssl()));
        if (!options.tickets()) {
            command.add("-no_ticket");
        }
        if (!options.cache()) {
            command.add("-no_cache");
        }
        if (!options.tickets() && !options.cache()) {
            // Otherwise the server still issues TLS 1.3 tickets, which it then declines.
            command.addAll(List.of("-num_tickets", "0"));
        }
        if (!options.encryptThenMac()) {
            command.add("-no_etm");
        }
        if (options.oldVersion() != null) {
            command.add("-tls" + options.oldVersion().replace(".0", "").replace('.', '_'));
        } else {
            command.addAll(List.of("-min_protocol", options.tls12() ? "TLSv1.2" : "TLSv1.3", "-max_protocol",
                    options.tls13() ? "TLSv1.3" : "TLSv1.2"));
        }
        if (options.has(Feature.EARLY_DATA)) {
            command.add("-early_data");
        }
        if (options.has(Feature.PSK_ALONE)) {
            command.add("-allow_no_dhe_kex");
        }
        if (options.has(Feature.CLIENT_CERTIFICATE)) {
            command.addAll(List.of("-Verify", "1", "-verify_return_error", "-CAfile", "clients.pem"));
        }
        return command;
    }

    /** "Reused session-id" is printed between the cipher and the line on renegotiation, for a ticket too. */
    @Override
    Counts count(List<String> lines) {
        var full = 0L;
        var resumed = 0L;
        var reused = false;
        for (var line : lines) {
            if (line.startsWith("CIPHER is ")) {
                reused = false;
            } else if (line.startsWith("Reused session-id")) {
                reused = true;
            } else if (line.startsWith("Secure Renegotiation IS ")) {
                full += reused ? 0 : 1;
                resumed += reused ? 1 : 0;
            }
        }
        return new Counts(full, resumed);
    }
}
