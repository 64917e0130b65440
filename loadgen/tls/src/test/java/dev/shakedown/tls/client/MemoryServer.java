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
 * A scripted server of TLS 1.3 without a socket, for the tests of whoever drives a client. It says only what it is told
 * to.
 */
public final class MemoryServer {
    /** When the client's hello leaves, on its own clock, nanoseconds. */
    public static final long NOW = Tls13Exchange.NOW;

    /** Which handshake it takes part in. */
    public enum Handshake {
        FULL(Tls13Exchange.Kind.FULL),
        RESUMED(Tls13Exchange.Kind.RESUMED),
        /** With early data that it takes, does not take, and does not take as it asks for another hello. */
        EARLY(Tls13Exchange.Kind.EARLY),
        EARLY_REJECTED(Tls13Exchange.Kind.EARLY_REJECTED),
        EARLY_RETRIED(Tls13Exchange.Kind.EARLY_RETRIED);

        private final Tls13Exchange.Kind kind;

        Handshake(Tls13Exchange.Kind kind) {
            this.kind = kind;
        }

        /** With which a client gets on with it. */
        public ClientMemory memory() {
            return new ClientMemory(kind.settings(), SessionMemory.UNLIMITED);
        }

        /** What the client is to offer; {@code null} for nothing. */
        public Session session() {
            return kind.session();
        }

        /** What the client is to send behind its hello; empty for nothing. */
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

    /** Takes what the client sends, and fails the test where that breaks a rule. */
    public void take(ByteBuf bytes) {
        server.take(bytes);
    }

    /** What the client has said: its messages by their name, {@code data}, and alerts by their name. */
    public List<String> heard() {
        var heard = new ArrayList<>(server.received());
        server.alerts().forEach(alert -> heard.add(alert.label()));
        return heard;
    }

    public byte[] earlyData() {
        return server.earlyData();
    }

    // What it says

    /** All up to its Finished. */
    public void answer() {
        kind.steps().stream().filter(step -> step.compareTo(Step.FINISHED) <= 0).forEach(server::honest);
    }

    /** The same up to its Finished and more behind that, which arrives with it. */
    public void answerAtOnce(Runnable more) {
        kind.steps().stream().filter(step -> step.compareTo(Step.FINISHED) < 0).forEach(server::honest);
        atOnce(() -> {
            server.honest(Step.FINISHED);
            more.run();
        });
    }

    /** What {@code said} says arrives in one piece. */
    public void atOnce(Runnable said) {
        server.hold();
        said.run();
        server.raw(server.held());
    }

    /** Another ticket each time; the client must have sent its Finished. */
    public void ticket() {
        server.honest(Step.NEW_SESSION_TICKET);
    }

    /** A byte of application data. */
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

    /** A record that nobody has encrypted. */
    public void garbage() {
        server.plain(ContentType.APPLICATION_DATA, new byte[32]);
    }
}
