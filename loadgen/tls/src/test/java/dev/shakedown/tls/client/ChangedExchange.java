package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.wire.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One client and one scripted server that sends what no real server would, or whose records are altered in transit.
 * Failures of the server, which is made for undisturbed clients, are ignored; exceptions of the client are not.
 */
final class ChangedExchange<P, S extends ScriptedPeer<P>> implements Output {
    final ClientHandshake client;
    final S server;
    private final long nowNanos;
    private final Consumer<ByteBuf> wire;
    private Throwable thrown;
    private boolean serverLost;
    private boolean ended;
    private int gained;

    /** @param wire alters each of the server's records in place */
    ChangedExchange(ClientMemory memory, Session session, long nowNanos, Function<Consumer<ByteBuf>, S> server,
            Consumer<ByteBuf> wire) {
        this.nowNanos = nowNanos;
        this.wire = wire;
        this.client = new ClientHandshake(memory, session, this);
        this.server = server.apply(this::deliver);
    }

    /**
     * Goes through the steps as far as both sides get.
     *
     * @throws Exception what the client threw
     */
    void exchange(Runnable start, List<P> steps, Script<P, S> script) throws Exception {
        start.run();
        try {
            for (var step : steps) {
                if (thrown == null && !serverLost && !(client.state() instanceof Failed)) {
                    script.at(step, server);
                }
            }
        } catch (RuntimeException | AssertionError _) {
            // the server's own; the client's are kept
        }
        switch (thrown) {
            case null -> {
            }
            case Exception e -> throw e;
            case Throwable e -> throw new AssertionError("the client threw " + e, e);
        }
        check(client);
    }

    /** @throws AssertionError if the client failed because of a bug of its own */
    static void check(ClientHandshake client) {
        if (client.state() instanceof Failed failed
                && failed.failure().rule().filter(Refusal.CLIENT_FAULT::equals).isPresent()) {
            throw new AssertionError(failed.failure().meaning());
        }
    }

    /** Returns how many sessions the client received. */
    int gained() {
        return gained;
    }

    private void deliver(ByteBuf bytes) {
        if (thrown == null) {
            wire.accept(bytes);
            try {
                client.receive(bytes, nowNanos);
            } catch (Throwable e) {
                thrown = e;
            }
        }
    }

    @Override
    public void send(ByteBuf flight, Progress reached) {
        if (ended) {
            throw new AssertionError("the client went on after its alert");
        }
        ended = client.state() instanceof Failed;
        if (serverLost) {
            return;
        }
        try {
            server.take(flight);
        } catch (RuntimeException | AssertionError _) {
            serverLost = true;
        }
    }

    @Override
    public void reached(Progress progress) {
        // of no interest
    }

    @Override
    public void gained(Session session) {
        gained++;
    }
}
