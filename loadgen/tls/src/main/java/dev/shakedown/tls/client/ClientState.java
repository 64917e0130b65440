package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** A state of a handshake. It owns what is known at that point; consuming a message yields the next state. */
public sealed interface ClientState {
    /** Returns the stage to report for a failure in this state. */
    Stage stage();

    /** Returns what the two sides have agreed on so far; empty before the server has answered. */
    Optional<HandshakeParameters> parameters();

    /** Returns what has happened to the early data. */
    EarlyData earlyData();

    /**
     * Returns the stage that a message of this type belongs to.
     *
     * @throws Fault if it is out of place, which is checked before its content, and before it has arrived completely
     */
    default Stage stageOf(int type) throws Fault {
        throw new Fault(Violation.MESSAGE_OUT_OF_PLACE, Tls13Message.label(type), awaited());
    }

    /** Returns the RFCs' name of the message that is due. */
    default String awaited() {
        return "no handshake message";
    }

    /** Whether a HelloRequest may come now; it is ignored and not part of the transcript (RFC 5246, 7.4.1.1). */
    default boolean ignoresHelloRequests() {
        return false;
    }

    /** Returns the fault for a message that is not due. */
    default Fault unexpected(Message message) {
        return new Fault(Violation.MESSAGE_OUT_OF_PLACE, message.label(), awaited());
    }

    /** Decodes the body of a message from the server. */
    default HandshakeMessage decode(int type, ByteBuf body) throws Fault {
        return HandshakeMessage.decode(type, body, null, ProtocolVersion.TLS_1_2);
    }

    /** The state before the ClientHello is sent, when no message may come. */
    record BeforeHello() implements ClientState {
        @Override
        public Stage stage() {
            return Stage.SERVER_HELLO;
        }

        @Override
        public Optional<HandshakeParameters> parameters() {
            return Optional.empty();
        }

        @Override
        public EarlyData earlyData() {
            return EarlyData.NOT_OFFERED;
        }
    }

    /** A state that awaits a message from the server, after which it is named. */
    non-sealed interface Awaiting extends ClientState {
        /** Returns the type of the handshake message that is due. */
        int due();

        @Override
        default Stage stageOf(int type) throws Fault {
            return type == due() ? stage() : ClientState.super.stageOf(type);
        }

        @Override
        default String awaited() {
            return Tls13Message.label(due());
        }

        /**
         * Consumes the next message and returns the next state.
         *
         * @throws Fault if it may not come now, or its content breaks a rule
         */
        ClientState on(Message message) throws Fault;
    }

    /**
     * A state after the ServerHello, which settles version and suite. Every record needs these two, so they have
     * methods of their own.
     */
    non-sealed interface Answered extends ClientState {
        ProtocolVersion version();

        CipherSuite suite();

        /** Returns all that is settled by now; only the last state stores it. */
        HandshakeParameters settled();

        default boolean isTls13() {
            return version() == ProtocolVersion.TLS_1_3;
        }

        /** Whether a record may have this version, which TLS 1.3 ignores. */
        default boolean acceptsRecordsOf(int recordVersion) {
            return isTls13() || recordVersion == version().id();
        }

        @Override
        default HandshakeMessage decode(int type, ByteBuf body) throws Fault {
            return isTls13()
                    ? Tls13Message.decode(type, body)
                    : HandshakeMessage.decode(type, body, suite().keyExchange(), version());
        }

        @Override
        default Optional<HandshakeParameters> parameters() {
            return Optional.of(settled());
        }

        @Override
        default EarlyData earlyData() {
            return settled().earlyData();
        }
    }

    /** A state that awaits nothing, but makes something for the client to send, after which it is named. */
    interface Making extends Answered {
        /** @throws Fault if that cannot be made from what the server sent */
        ClientState make() throws Fault;
    }

    /** Handles messages that may still come once the handshake is complete. */
    interface PostHandshake {
        /** Accepts no message. */
        PostHandshake NOTHING = new PostHandshake() {
            @Override
            public boolean awaits(int type) {
                return false;
            }

            @Override
            public void take(HandshakeMessage message) throws Fault {
                // stageOf has refused every type
                throw new IllegalStateException(message.label());
            }

            @Override
            public void beforeData() {
                // nothing to add
            }
        };

        /** Whether a message of this type may come. */
        boolean awaits(int type);

        /** Consumes such a message. */
        void take(HandshakeMessage message) throws Fault;

        /** Writes what must be sent before application data (RFC 8446, 4.6.3). */
        void beforeData();
    }

    /** The handshake is complete on the client's side. */
    record Done(HandshakeParameters settled, PostHandshake postHandshake) implements Answered {
        /** Whether the server resumed a session, as seen on the wire. */
        public boolean resumed() {
            return settled.resumed();
        }

        @Override
        public Stage stage() {
            return Stage.POST_FINISHED;
        }

        @Override
        public Stage stageOf(int type) throws Fault {
            return postHandshake.awaits(type) ? stage() : Answered.super.stageOf(type);
        }

        @Override
        public boolean ignoresHelloRequests() {
            return !isTls13();
        }

        @Override
        public ProtocolVersion version() {
            return settled.version();
        }

        @Override
        public CipherSuite suite() {
            return settled.suite();
        }
    }

    /**
     * The handshake failed.
     *
     * @param parameters what the two sides had agreed on by then
     */
    record Failed(HandshakeFailure failure, Optional<HandshakeParameters> parameters,
            EarlyData earlyData) implements ClientState {
        @Override
        public Stage stage() {
            return failure.stage();
        }
    }
}
