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

/** Where a handshake stands. A state owns what is known by then; taking a message gives the next one. */
public sealed interface ClientState {
    /** Where a failure in this state is said to have happened. */
    Stage stage();

    /** What both sides have settled by now; empty before the server has answered. */
    Optional<HandshakeParameters> parameters();

    /** What became of the early data. */
    EarlyData earlyData();

    /**
     * Where a message of this type is taken.
     *
     * @throws Fault when it is out of place, which counts before its content, and before it has arrived whole
     */
    default Stage stageOf(int type) throws Fault {
        throw new Fault(Violation.MESSAGE_OUT_OF_PLACE, Tls13Message.label(type), awaited());
    }

    /** What is due, in the RFCs' words. */
    default String awaited() {
        return "nothing of the handshake";
    }

    /** Whether a HelloRequest may come now: it is ignored, and no part of the transcript (RFC 5246, 7.4.1.1). */
    default boolean ignoresHelloRequests() {
        return false;
    }

    /** What a message breaks that is not the one that is due. */
    default Fault unexpected(Message message) {
        return new Fault(Violation.MESSAGE_OUT_OF_PLACE, message.label(), awaited());
    }

    /** Reads the body of a message of the server's, which is its ServerHello as long as it has not answered. */
    default HandshakeMessage decode(int type, ByteBuf body) throws Fault {
        return HandshakeMessage.decode(type, body, null, ProtocolVersion.TLS_1_2);
    }

    /** Nothing has left yet, so that nothing may come. */
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

    /** Waits for a message of the server's, for which it is named. */
    non-sealed interface Awaiting extends ClientState {
        /** The type of the handshake message that is due. */
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
         * Takes the next message.
         *
         * @throws Fault when it is not one that may come now, or its content breaks a rule
         */
        ClientState on(Message message) throws Fault;
    }

    /** Behind the ServerHello, which settles version and suite: each record asks for these, hardly anybody for more. */
    non-sealed interface Answered extends ClientState {
        ProtocolVersion version();

        CipherSuite suite();

        /** All that is settled by now; up to the last state it is put together when somebody asks. */
        HandshakeParameters settled();

        default boolean isTls13() {
            return version() == ProtocolVersion.TLS_1_3;
        }

        /** Whether a record may bear this version: in TLS 1.3 that says nothing. */
        default boolean takesRecordsOf(int recordVersion) {
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

    /** Awaits nothing, but makes something of the client's own, for which it is named. */
    interface Making extends Answered {
        /** @throws Fault when that cannot be made of what the server sent */
        ClientState make() throws Fault;
    }

    /** What may still come once the handshake is done. */
    interface Afterwards {
        /** Nothing of the handshake. */
        Afterwards NOTHING = new Afterwards() {
            @Override
            public boolean awaits(int type) {
                return false;
            }

            @Override
            public void take(HandshakeMessage message) throws Fault {
                // stageOf has refused all of them
                throw new IllegalStateException(message.label());
            }

            @Override
            public void beforeData() {
                // nothing to add
            }
        };

        /** Whether a message of this type may come. */
        boolean awaits(int type);

        /** Takes one. */
        void take(HandshakeMessage message) throws Fault;

        /** Adds what must leave before application data (RFC 8446, 4.6.3). */
        void beforeData();
    }

    /** The handshake is complete on our side. */
    record Done(HandshakeParameters settled, Afterwards afterwards) implements Answered {
        /** Whether it took up a session, as the wire showed. */
        public boolean resumed() {
            return settled.resumed();
        }

        @Override
        public Stage stage() {
            return Stage.POST_FINISHED;
        }

        @Override
        public Stage stageOf(int type) throws Fault {
            return afterwards.awaits(type) ? stage() : Answered.super.stageOf(type);
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
     * @param parameters what had been settled by then
     */
    record Failed(HandshakeFailure failure, Optional<HandshakeParameters> parameters,
            EarlyData earlyData) implements ClientState {
        @Override
        public Stage stage() {
            return failure.stage();
        }
    }
}
