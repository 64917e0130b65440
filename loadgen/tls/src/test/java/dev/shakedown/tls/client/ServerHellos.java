package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.ServerHello;
import java.util.ArrayList;
import java.util.List;

/** ServerHellos that differ from another in one field. */
final class ServerHellos {
    private ServerHellos() {}

    static ServerHello version(ServerHello h, int version) {
        return new ServerHello(version, h.random(), h.sessionId(), h.cipherSuite(), h.compressionMethod(),
                h.extensions());
    }

    static ServerHello random(ServerHello h, byte[] random) {
        return new ServerHello(h.version(), random, h.sessionId(), h.cipherSuite(), h.compressionMethod(),
                h.extensions());
    }

    static ServerHello sessionId(ServerHello h, byte[] id) {
        return new ServerHello(h.version(), h.random(), id, h.cipherSuite(), h.compressionMethod(), h.extensions());
    }

    static ServerHello suite(ServerHello h, int suite) {
        return new ServerHello(h.version(), h.random(), h.sessionId(), suite, h.compressionMethod(), h.extensions());
    }

    static ServerHello compression(ServerHello h, int compression) {
        return new ServerHello(h.version(), h.random(), h.sessionId(), h.cipherSuite(), compression, h.extensions());
    }

    static ServerHello with(ServerHello h, Extension more) {
        var extensions = new ArrayList<>(h.extensions());
        extensions.add(more);
        return extensions(h, extensions);
    }

    static ServerHello without(ServerHello h, int type) {
        return extensions(h, h.extensions().stream().filter(extension -> extension.type() != type).toList());
    }

    /** Returns the hello with this extension in place of the one of its type. */
    static ServerHello replaced(ServerHello h, Extension other) {
        return with(without(h, other.type()), other);
    }

    static ServerHello extensions(ServerHello h, List<Extension> extensions) {
        return new ServerHello(h.version(), h.random(), h.sessionId(), h.cipherSuite(), h.compressionMethod(),
                extensions);
    }
}
