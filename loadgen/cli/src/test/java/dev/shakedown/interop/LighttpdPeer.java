package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.util.List;
import java.util.Map;

/**
 * lighttpd with its mod_openssl, which has nothing to log of resumption. So its OpenSSL is asked: a library loaded
 * before it, {@link Compiled#HANDSHAKES}, prints what OpenSSL tells lighttpd of each handshake that is done.
 */
final class LighttpdPeer extends Peer {

    LighttpdPeer(PeerOptions options) {
        super(options);
    }

    @Override
    List<String> command(int port) {
        write("answer.txt", "ok\n");
        write("lighttpd.conf", """
                server.modules = ("mod_openssl")
                server.bind = "127.0.0.1"
                server.port = %d
                server.document-root = "."
                index-file.names = ("answer.txt")
                server.feature-flags = ("ssl.session-cache" => "%s")
                ssl.engine = "enable"
                ssl.pemfile = "chain.pem"
                ssl.privkey = "key.pem"
                ssl.openssl.ssl-conf-cmd = (
                    "MinProtocol" => "%s", "MaxProtocol" => "%s", "Options" => "%sSessionTicket"
                )
                %s
                """.formatted(port, options.cache() ? "enable" : "disable", options.tls12() ? "TLSv1.2" : "TLSv1.3",
                options.tls13() ? "TLSv1.3" : "TLSv1.2", options.tickets() ? "" : "-",
                options.has(Feature.CLIENT_CERTIFICATE) ? """
                        ssl.verifyclient.activate = "enable"
                        ssl.verifyclient.enforce = "enable"
                        ssl.verifyclient.ca-file = "clients.pem"
                        """ : ""));
        return List.of(OtherProgram.LIGHTTPD.path(), "-D", "-f", "lighttpd.conf");
    }

    @Override
    void environment(Map<String, String> environment) {
        environment.put("LD_PRELOAD", Compiled.HANDSHAKES.path());
    }

    @Override
    Counts count(List<String> lines) {
        return Counts.ofWords(lines);
    }
}
