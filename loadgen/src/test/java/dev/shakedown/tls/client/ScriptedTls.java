package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ScriptedServer.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The scripted servers on real sockets, for full handshakes. Every message has the same length in every handshake. */
public enum ScriptedTls {
    SSL3(Scene.Kind.SSL3),
    TLS10(Scene.Kind.TLS10_RC4),
    TLS11(Scene.Kind.TLS11_NULL),
    TLS12_RSA(Scene.Kind.RSA),
    TLS12_ECDHE(Scene.Kind.ECDHE_RSA),
    TLS13(null);

    /** How many bytes of a server stand for one stage: those of the message that a client awaits there. */
    public record Part(String stage, int bytes) {}

    /** What a server does instead of going on. */
    public interface End {
        void of(Socket socket) throws IOException;
    }

    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;

        Cut() {
            super(null, null, false, false);
        }
    }

    /** {@code null} for TLS 1.3. */
    private final Scene.Kind kind;

    ScriptedTls(Scene.Kind kind) {
        this.kind = kind;
    }

    /** With which a client gets on with it. */
    public ClientSettings settings() {
        return kind == null ? Scene13.Kind.FULL.settings() : kind.settings();
    }

    /** What the server sends until a client is done, in its order. */
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        if (kind == null) {
            var scene = new Scene13(Scene13.Kind.FULL);
            scene.server.identity = TestIdentity.RSA;
            scene.play((step, server) -> measured(parts, Scene13.Kind.FULL.stage(step), server,
                    () -> server.honest(step)));
        } else {
            new Scene(kind).play((step, server) -> measured(parts, kind.stage(step), server,
                    () -> server.honest(step)));
        }
        parts.removeIf(part -> part.stage.equals(Stage.POST_FINISHED.label()));
        return parts;
    }

    private static void measured(List<Part> parts, Stage stage, ScriptedPeer<?> server, Runnable step) {
        var before = server.bytesGiven();
        step.run();
        parts.add(new Part(stage.label(), (int) (server.bytesGiven() - before)));
    }

    /**
     * Serves one connection by the book, up to a byte.
     *
     * @param most     bytes that leave; what would come next is {@code end}
     * @param atOnce   bytes of a write
     * @param inRecord bytes of a message in a record
     */
    public void serve(Socket socket, long most, int atOnce, int inRecord, End end) throws IOException {
        socket.setTcpNoDelay(true);
        var left = new long[]{most};
        Consumer<ByteBuf> toClient = bytes -> {
            var part = ByteBufUtil.getBytes(bytes, bytes.readerIndex(), (int) Math.min(left[0], bytes.readableBytes()));
            try {
                socket.getOutputStream().write(part);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            left[0] -= part.length;
            if (part.length < bytes.readableBytes()) {
                throw new Cut();
            }
        };
        try {
            if (kind == null) {
                var server = new ScriptedServer13(Scene13.Kind.FULL, settings(), null, Map.of(), toClient);
                server.identity = TestIdentity.RSA;
                set(server, atOnce, inRecord);
                play(socket, server, () -> server.clientHello() != null,
                        Scene13.Kind.FULL.steps().stream().filter(step -> step.compareTo(
                                ScriptedServer13.Step.FINISHED) <= 0).toList());
            } else {
                var server = new ScriptedServer(kind, toClient);
                set(server, atOnce, inRecord);
                play(socket, server, () -> server.clientHello() != null, kind.steps().stream()
                        .filter(step -> step.compareTo(Step.SERVER_HELLO_DONE) <= 0).toList());
                play(socket, server, server::clientFinished, kind.steps().stream()
                        .filter(step -> step.compareTo(Step.SERVER_HELLO_DONE) > 0).toList());
            }
        } catch (Cut _) {
            // as asked for
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        end.of(socket);
    }

    private static void set(ScriptedPeer<?> server, int atOnce, int inRecord) {
        server.mostAtOnce = atOnce;
        server.mostInRecord = inRecord;
    }

    /** Listens until it is this server's turn, and goes through its steps. */
    private static <P> void play(Socket socket, ScriptedPeer<P> server, BooleanSupplier turn, List<P> steps)
            throws IOException {
        var bytes = new byte[16_384];
        while (!turn.getAsBoolean()) {
            var length = socket.getInputStream().read(bytes);
            if (length < 0) {
                throw new IOException("the client has gone");
            }
            server.take(Unpooled.wrappedBuffer(bytes, 0, length));
        }
        steps.forEach(server::honest);
    }
}
