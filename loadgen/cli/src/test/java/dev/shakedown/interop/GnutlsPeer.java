package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code gnutls-serv}, answering HTTP. One thread serves all connections by {@code select}, so fewer than 1,024 at
 * once; its listen backlog is 10. It cannot be bound to one address: it listens on every one the machine has. Its
 * session cache grows with every session and drops none.
 *
 * <p>
 * In TLS 1.3 it does not go with a client that resets behind its Finished: where the reset is there before the ticket
 * is sent, it logs the handshake as failed.
 */
final class GnutlsPeer extends Peer {

    GnutlsPeer(PeerOptions options) {
        super(options);
    }

    @Override
    List<String> command(int port) {
        var command = new ArrayList<>(List.of(Program.GNUTLS.path(), "--http", "--port",
                Integer.toString(port), "--x509certfile", "chain.pem", "--x509keyfile", "key.pem", "--priority",
                options.gnutlsPriority()));
        if (!options.tickets()) {
            command.add("--noticket");
        }
        if (!options.cache()) {
            command.add("--nodb");
        }
        if (options.has(Feature.EARLY_DATA)) {
            command.add("--earlydata");
        }
        command.addAll(options.has(Feature.CLIENT_CERTIFICATE)
                ? List.of("--require-client-cert", "--verify-client-cert", "--x509cafile", "clients.pem")
                : List.of("--disable-client-cert"));
        return command;
    }

    /** Each finished handshake is described; the line on resumption comes before the description. */
    @Override
    Counts count(List<String> lines) {
        var full = 0L;
        var resumed = 0L;
        var reused = false;
        for (var line : lines) {
            if (line.startsWith("*** This is a resumed session")) {
                reused = true;
            } else if (line.startsWith("- Description:")) {
                full += reused ? 0 : 1;
                resumed += reused ? 1 : 0;
                reused = false;
            }
        }
        return new Counts(full, resumed);
    }
}
