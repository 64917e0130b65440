package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Rule;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One client and one scripted server, joined in memory. */
abstract class ScriptedExchange<P, S extends ScriptedPeer<P>> implements Output {
    final ClientHandshake client;
    final S server;
    final List<Progress> progress = new ArrayList<>();
    final List<UnusableTicket> unusable = new ArrayList<>();

    /** @param nowNanos the time at which everything happens */
    ScriptedExchange(ClientMemory memory, Session session, long nowNanos, Function<Consumer<ByteBuf>, S> server) {
        client = new ClientHandshake(memory, session, this);
        this.server = server.apply(bytes -> client.receive(bytes, nowNanos));
    }

    @Override
    public void send(ByteBuf flight, Progress reached) {
        if (reached != null) {
            progress.add(reached);
        }
        server.take(flight);
    }

    @Override
    public void reached(Progress reached) {
        progress.add(reached);
    }

    @Override
    public void unusable(UnusableTicket reason) {
        unusable.add(reason);
    }

    /** Goes through all steps, or until the client fails. */
    void goThrough(List<P> steps, Script<P, S> script) {
        for (var step : steps) {
            if (client.state() instanceof Failed) {
                break;
            }
            script.at(step, server);
        }
    }

    HandshakeFailure failure() {
        return assertInstanceOf(Failed.class, client.state()).failure();
    }

    /** Checks that the client ended the handshake here, with exactly one alert. */
    void assertEndedByClient(Stage stage, AlertDescription alert) {
        var failure = failure();
        assertEquals(stage + " sent " + alert.label(),
                failure.stage() + (failure.sent() ? " sent " : " received ") + failure.cause(), failure.meaning());
        assertEquals(List.of(new Alert(Alert.FATAL, alert.id())), server.alerts());
        assertDeaf();
    }

    /** Checks that the client ended the handshake here for this reason, with exactly one alert. */
    void assertEndedByClient(Stage stage, Rule rule) {
        assertEndedByClient(stage, rule.alert());
        assertEquals(Optional.of(rule), failure().rule(), failure().meaning());
    }

    /** Checks that the server or the network ended the handshake here, and the client sent nothing. */
    void assertEndedByServer(Stage stage, String cause) {
        var failure = failure();
        assertEquals(stage + " received " + cause,
                failure.stage() + (failure.sent() ? " sent " : " received ") + failure.cause(), failure.meaning());
        assertEquals(List.of(), server.alerts());
        assertDeaf();
    }

    /** Checks that nothing that arrives now has any effect. */
    private void assertDeaf() {
        var before = client.state();
        var sent = server.bytesTaken();
        client.receive(Unpooled.wrappedBuffer(new byte[]{22, 3, 3, 0, 4, 0, 0, 0, 0, 'x'}), 6);
        assertEquals(before, client.state());
        assertEquals(sent, server.bytesTaken());
    }
}
