package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.List;

/**
 * The https server of Node. It tells of each handshake once that is done.
 *
 * <p>
 * In TLS 1.3 it gives two tickets for a full handshake and none for a resumed one. Without tickets it gives two all the
 * same, which stand for kept sessions, and never takes one of them: what keeps sessions in Node serves TLS 1.2 only.
 */
final class NodePeer extends Peer {

    NodePeer(PeerOptions options) {
        super(options);
    }

    @Override
    List<String> command(int port) {
        write("server.js", """
                const {SSL_OP_NO_TICKET} = require('crypto').constants;
                const {readFileSync} = require('fs');
                const server = require('https').createServer({
                    cert: readFileSync('chain.pem'),
                    key: readFileSync('key.pem'),
                    minVersion: '%s',
                    maxVersion: '%s',
                    secureOptions: %s,
                    %s
                }, (request, response) => response.end('ok\\n'));
                server.on('secureConnection', socket => console.log(socket.isSessionReused() ? 'resumed' : 'full'));
                %s
                server.listen(%d, '127.0.0.1');
                """.formatted(options.tls12() ? "TLSv1.2" : "TLSv1.3", options.tls13() ? "TLSv1.3" : "TLSv1.2",
                options.tickets() ? "0" : "SSL_OP_NO_TICKET",
                options.has(Feature.CLIENT_CERTIFICATE) ? "requestCert: true, ca: readFileSync('clients.pem')" : "",
                options.cache() ? cache() : "", port));
        return List.of(OtherProgram.NODE.path(), "server.js");
    }

    private static String cache() {
        return """
                const sessions = new Map();
                server.on('newSession', (id, session, done) => {
                    sessions.set(id.toString('hex'), session);
                    done();
                });
                server.on('resumeSession', (id, done) => done(null, sessions.get(id.toString('hex')) ?? null));
                """;
    }

    @Override
    Counts count(List<String> lines) {
        return Counts.ofWords(lines);
    }
}
