package dev.shakedown.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.prelude.Starttls;
import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.results.Mark;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A conversation with a scripted pump, without sockets or clocks. */
class ConversationTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 4433);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 40_000);
    private static final ClientSettings SETTINGS = new ClientSettings(List.of(ProtocolVersion.TLS_1_2),
            List.of(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256), List.of(NamedGroup.X25519), null, List.of(), true,
            PskMode.DHE_KE, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.NONE, null, null);
    private static final Prelude SMTP = new Prelude(null, Starttls.SMTP, "localhost");

    private final List<String> said = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private InetSocketAddress client = CLIENT;
    private boolean takesAll = true;
    private long nowNanos = 100;
    private boolean awaitsConnection;

    private final class Scripted implements Pump {
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
            return client;
        }

        @Override
        public void awaitConnected() {
            awaitsConnection = true;
        }

        @Override
        public void noDelay() {
            // nothing to do
        }

        @Override
        public boolean send(ByteBuf bytes, boolean isHello) {
            said.add(isHello ? "hello" : bytes.toString(StandardCharsets.US_ASCII).strip());
            return takesAll;
        }

        @Override
        public void gained(Session session) {
            throw new AssertionError("no handshake is done here");
        }

        @Override
        public void awaitPostHandshake(PostHandshake postHandshake) {
            throw new AssertionError("no handshake is done here");
        }

        @Override
        public void gather() {
            throw new AssertionError("no handshake is done here");
        }

        @Override
        public void ended(Ending ending) {
            endings.add(ending);
        }
    }

    private Conversation conversation(Prelude prelude) {
        var conversation = new Conversation(
                new Plan(Target.loopback(SERVER), new ClientMemory(SETTINGS, 1), prelude, new byte[0],
                        new ScriptedWaitPolicy(WaitPolicy.NOTHING)),
                null,
                new byte[0], null, new Scripted());
        conversation.begun(50, 60);
        return conversation;
    }

    private static void hear(Conversation conversation, String line) {
        conversation.received(Unpooled.copiedBuffer(line + "\r\n", StandardCharsets.US_ASCII));
    }

    private HandshakeFailure failure() {
        assertEquals(1, endings.size());
        return assertInstanceOf(Ending.Failed.class, endings.getFirst()).failure();
    }

    @Test
    void theHelloIsGivenToThePumpBeforeTheConnectionIsEstablished() {
        takesAll = false;
        var conversation = conversation(Prelude.NONE);
        conversation.begin();
        assertEquals(List.of("hello"), said);
        assertEquals(new State.Connecting(true), conversation.state());
        conversation.connected(110);
        assertEquals(new State.Handshaking(), conversation.state());
        assertFalse(conversation.notes().reached(Mark.HELLO_SENT));
        nowNanos = 120;
        conversation.sent();
        assertEquals(110, conversation.notes().at(Mark.CONNECTED));
        assertEquals(120, conversation.notes().at(Mark.HELLO_SENT));
    }

    @Test
    void theConnectionMayBeEstablishedBeforeThePumpCanSend() {
        var conversation = conversation(Prelude.NONE);
        conversation.connected(110);
        assertEquals(new State.Connected(), conversation.state());
        assertEquals(List.of(), said);
        conversation.begin();
        assertEquals(List.of("hello"), said);
        assertEquals(new State.Handshaking(), conversation.state());
    }

    @Test
    void theHelloWaitsForTheServersConsent() {
        var conversation = conversation(SMTP);
        conversation.begin();
        assertTrue(awaitsConnection);
        conversation.connected(110);
        assertInstanceOf(State.InPrelude.class, conversation.state());
        hear(conversation, "220 here");
        hear(conversation, "250 STARTTLS");
        assertFalse(conversation.notes().reached(Mark.CONNECTED));
        nowNanos = 130;
        hear(conversation, "220 go ahead");
        assertEquals(List.of("EHLO shakedown.invalid", "STARTTLS", "hello"), said);
        assertEquals(new State.Handshaking(), conversation.state());
        assertEquals(130, conversation.notes().at(Mark.CONNECTED));
    }

    @Test
    void aPreludeFailsAsPartOfTheConnection() {
        var refused = conversation(SMTP);
        refused.connected(110);
        refused.begin();
        hear(refused, "554 no");
        assertEquals("starttls_refused", failure().cause());
        assertEquals(Stage.CONNECT, failure().stage());
        assertEquals(new State.Closing(), refused.state());
        endings.clear();
        var closed = conversation(SMTP);
        closed.connected(110);
        closed.begin();
        closed.ended();
        assertEquals("connection_closed", failure().cause());
        assertEquals(Stage.CONNECT, failure().stage());
    }

    @Test
    void itEndsOnce() {
        var conversation = conversation(Prelude.NONE);
        conversation.begin();
        conversation.connected(110);
        conversation.failed(new SocketException("Connection reset"));
        conversation.ended();
        conversation.failed(new IOException());
        conversation.timedOut();
        conversation.cancel();
        conversation.waitExpired();
        conversation.gathered();
        assertEquals(Stage.SERVER_HELLO, failure().stage());
        conversation.closed();
        assertEquals(new State.Over(), conversation.state());
    }

    @Test
    void aShortageOnThisMachineIsNoFailureOfTheServer() {
        var conversation = conversation(Prelude.NONE);
        conversation.failed(new BindException());
        conversation.begin();
        assertEquals(List.of(new Ending.Unsent(TransportCause.PORTS)), endings);
        assertEquals(List.of(), said);
    }

    @Test
    void aRefusedConnectionFailsBeforeTls() {
        var conversation = conversation(Prelude.NONE);
        conversation.begin();
        conversation.failed(new ConnectException());
        assertEquals("connection_refused", failure().cause());
        assertEquals(Stage.CONNECT, failure().stage());
    }

    @Test
    void aConnectionToItselfCountsAsRefused() {
        client = SERVER;
        var conversation = conversation(Prelude.NONE);
        conversation.begin();
        conversation.connected(110);
        hear(conversation, "what it said itself");
        assertEquals("connection_refused", failure().cause());
        assertEquals(Stage.CONNECT, failure().stage());
    }

    @Test
    void theDeadlineNamesWhatWasAwaited() {
        var connecting = conversation(Prelude.NONE);
        connecting.begin();
        connecting.timedOut();
        var handshaking = conversation(Prelude.NONE);
        handshaking.begin();
        handshaking.connected(110);
        handshaking.timedOut();
        assertEquals(List.of(new Ending.TimedOut(Stage.CONNECT), new Ending.TimedOut(Stage.SERVER_HELLO)), endings);
    }
}
