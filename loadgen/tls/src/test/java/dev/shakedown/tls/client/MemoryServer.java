package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A scripted TLS 1.3 server without a socket, for tests of code that drives a client. It sends only what it is told to.
 */
public final class MemoryServer {
    /** When the client's hello is sent, on the client's clock, in nanoseconds. */
    public static final long NOW = Tls13Exchange.NOW;

    /** The handshake that the server takes part in. */
    public enum Handshake {
        FULL(Tls13Exchange.Kind.FULL),
        RESUMED(Tls13Exchange.Kind.RESUMED),
        /** With early data that it accepts, rejects, and rejects by sending a HelloRetryRequest. */
        EARLY(Tls13Exchange.Kind.EARLY),
        EARLY_REJECTED(Tls13Exchange.Kind.EARLY_REJECTED),
        EARLY_RETRIED(Tls13Exchange.Kind.EARLY_RETRIED);

        private final Tls13Exchange.Kind kind;

        Handshake(Tls13Exchange.Kind kind) {
            this.kind = kind;
        }

        /** Returns a matching client's memory. */
        public ClientMemory memory() {
            return new ClientMemory(kind.settings(), SessionMemory.UNLIMITED);
        }

        /** Returns the session that the client must offer; {@code null} for none. */
        public Session session() {
            return kind.session();
        }

        /** Returns the early data that the client must send; empty for none. */
        public byte[] earlyData() {
            return kind.announces() ? Tls13Exchange.EARLY_DATA : new byte[0];
        }
    }

    private final Tls13Exchange.Kind kind;
    private final ScriptedServer13 server;

    public MemoryServer(Handshake handshake, Consumer<ByteBuf> toClient) {
        this.kind = handshake.kind;
        this.server = new ScriptedServer13(kind, kind.settings(), kind.session(),
                kind.session() instanceof Session.Tls13 tls13
                        ? Map.of(HexFormat.of().formatHex(tls13.ticket()), tls13.key())
                        : Map.of(),
                toClient);
    }

    /** Receives what the client sends, and fails the test if that breaks a rule. */
    public void take(ByteBuf bytes) {
        server.take(bytes);
    }

    /** Returns what the client has sent: its messages by name, {@code data}, and alerts by name. */
    public List<String> heard() {
        var heard = new ArrayList<>(server.received());
        server.alerts().forEach(alert -> heard.add(alert.label()));
        return heard;
    }

    public byte[] earlyData() {
        return server.earlyData();
    }

    // Sending

    /** Sends everything up to its Finished. */
    public void answer() {
        kind.steps().stream().filter(step -> step.compareTo(Step.FINISHED) <= 0).forEach(server::honest);
    }

    /** Sends everything up to its Finished and more after it, which arrives at the same time. */
    public void answerAtOnce(Runnable more) {
        kind.steps().stream().filter(step -> step.compareTo(Step.FINISHED) < 0).forEach(server::honest);
        atOnce(() -> {
            server.honest(Step.FINISHED);
            more.run();
        });
    }

    /** Sends what {@code said} sends in one piece. */
    public void atOnce(Runnable said) {
        server.hold();
        said.run();
        server.raw(server.held());
    }

    /** Sends a new ticket each time; the client must have sent its Finished. */
    public void ticket() {
        server.honest(Step.NEW_SESSION_TICKET);
    }

    /** Sends a byte of application data. */
    public void data() {
        server.record(ContentType.APPLICATION_DATA, 'x');
    }

    public void keyUpdate(boolean requested) {
        server.updateKeys(requested);
    }

    public void closeNotify() {
        server.alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY);
    }

    public void fatal(AlertDescription alert) {
        server.alert(Alert.FATAL, alert);
    }

    /** Sends a record that does not decrypt. */
    public void garbage() {
        server.plain(ContentType.APPLICATION_DATA, new byte[32]);
    }
}
