package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.List;

/**
 * A server of Go's {@code crypto/tls}, which tells of each handshake once that is done. It keeps no sessions.
 *
 * <p>
 * In TLS 1.3 it gives one ticket for every handshake, and unless it asks for a client certificate it gives it with its
 * own Finished, before it has seen the client's.
 */
final class GoPeer extends Peer {

    GoPeer(PeerOptions options) {
        super(options);
    }

    @Override
    List<String> command(int port) {
        return List.of(Compiled.GO_SERVER.path(), Integer.toString(port), options.tls12() ? "1.2" : "1.3",
                options.tls13() ? "1.3" : "1.2", Boolean.toString(options.tickets()),
                Boolean.toString(options.has(Feature.CLIENT_CERTIFICATE)));
    }

    @Override
    Counts count(List<String> lines) {
        return Counts.ofWords(lines);
    }
}
