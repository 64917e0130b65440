package dev.shakedown.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.tls.client.MemoryServer;
import dev.shakedown.tls.client.MemoryServer.Handshake;
import dev.shakedown.tls.client.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A pump between a conversation and an in-memory server, without sockets or clocks. */
final class ScriptedPump implements Pump {
    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 4433);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 40_000);
    private static final byte[] REQUEST = "request".getBytes(StandardCharsets.US_ASCII);

    final MemoryServer server;
    final ScriptedWaitPolicy waitPolicy;
    final Conversation conversation;
    /** The calls that the conversation has made on its pump, except for sending. */
    final List<String> asked = new ArrayList<>();
    final List<Ending> endings = new ArrayList<>();
    /** Whether the transport accepts data at once; if not, {@link #takeWaiting} does. */
    boolean takesAll = true;
    /** The error with which sending fails from now on; {@code null} for none. */
    Exception broken;
    long nowNanos = MemoryServer.NOW;
    private final ByteBuf waiting = Unpooled.buffer();

    ScriptedPump(Handshake handshake, ScriptedWaitPolicy waitPolicy) {
        this.waitPolicy = waitPolicy;
        this.server = new MemoryServer(handshake, this::arrives);
        this.conversation = new Conversation(
                new Plan(Target.loopback(SERVER), handshake.memory(), Prelude.NONE, REQUEST, waitPolicy),
                handshake.session(), handshake.earlyData(), null, this);
        conversation.begun(nowNanos, nowNanos);
    }

    private void arrives(ByteBuf bytes) {
        conversation.received(bytes);
    }

    /** Runs the conversation until the ClientHello has been sent. */
    ScriptedPump begun() {
        conversation.begin();
        conversation.connected(nowNanos);
        return this;
    }

    /** Runs the conversation until the handshake is done. */
    ScriptedPump done() {
        begun();
        server.answer();
        return this;
    }

    void takeWaiting() {
        server.take(waiting);
        takesAll = true;
        conversation.sent();
    }

    void assertStands(State state) {
        assertEquals(state, conversation.state());
        assertEquals(List.of(), endings);
    }

    /** Returns how the conversation ended, or its state if it has not. */
    String outcome() {
        if (endings.isEmpty()) {
            return conversation.state().toString();
        }
        assertEquals(1, endings.size(), "it ends once");
        assertEquals(new State.Closing(), conversation.state());
        return switch (endings.getFirst()) {
            case Ending.Completed _ -> "completed";
            case Ending.Failed(var failure) -> "failed at " + failure.stage().label()
                    + (failure.sent() ? ", sent " : ", received ") + (failure.byAlert() ? "alert " : "")
                    + failure.cause();
            case Ending.Unsent(var cause) -> "unsent " + cause.label();
            case Ending.TimedOut(var stage) -> "timed out at " + stage.label();
            case Ending.Cancelled _ -> "cancelled";
        };
    }

    // Called by the conversation

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long arrivedNanos() {
        return nowNanos;
    }

    @Override
    public long sentNanos() {
        return nowNanos;
    }

    @Override
    public InetSocketAddress localAddress() {
        return CLIENT;
    }

    @Override
    public void awaitConnected() {
        asked.add("await connected");
    }

    @Override
    public void noDelay() {
        asked.add("no delay");
    }

    @Override
    public boolean send(ByteBuf bytes, boolean isHello) {
        if (broken != null) {
            conversation.failed(broken);
            return false;
        }
        if (takesAll) {
            server.take(bytes);
        } else {
            waiting.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        }
        return takesAll;
    }

    @Override
    public void gained(Session session) {
        asked.add("keep session");
    }

    @Override
    public void awaitPostHandshake(PostHandshake postHandshake) {
        asked.add("stay " + postHandshake);
    }

    @Override
    public void gather() {
        asked.add("gather");
    }

    @Override
    public void ended(Ending ending) {
        endings.add(ending);
    }
}
