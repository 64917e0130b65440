package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Violation;
import java.util.Optional;

/** Where a handshake stands. A state owns what is known by then; taking a message gives the next one. */
public sealed interface ClientState {
    /** Where a failure in this state is said to have happened. */
    Stage stage();

    /** What both sides have settled by now; empty before the server has answered. */
    Optional<Agreed> agreed();

    /** What became of the early data. */
    EarlyData earlyData();

    /** Nothing has left yet, so that nothing may come. */
    record BeforeHello() implements ClientState {
        @Override
        public Stage stage() {
            return Stage.SERVER_HELLO;
        }

        @Override
        public Optional<Agreed> agreed() {
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

        /**
         * Where a message of this type is taken; empty where it is out of place, which counts before its content, and
         * before it has arrived whole.
         */
        default Optional<Stage> stageOf(int type) {
            return type == due() ? stage().here() : Optional.empty();
        }

        /** What is due, in the RFCs' words. */
        default String awaited() {
            return Tls13Message.label(due());
        }

        /** Whether a HelloRequest may come now: it is ignored, and no part of the transcript (RFC 5246, 7.4.1.1). */
        boolean ignoresHelloRequests();

        /**
         * Takes the next message.
         *
         * @throws Fault when it is not one that may come now, or its content breaks a rule
         */
        ClientState on(Message message) throws Fault;

        /** What a message breaks that is not the one that is due. */
        default Fault unexpected(Message message) {
            return new Fault(Violation.MESSAGE_OUT_OF_PLACE, message.label(), awaited());
        }

        @Override
        default EarlyData earlyData() {
            return agreed().map(Agreed::earlyData).orElse(EarlyData.NOT_OFFERED);
        }
    }

    /** Behind the ServerHello: awaits nothing, but makes something of the client's own, for which it is named. */
    non-sealed interface Making extends ClientState {
        Agreed settled();

        /** @throws Fault when that cannot be made of what the server sent */
        ClientState make() throws Fault;

        @Override
        default Optional<Agreed> agreed() {
            return Optional.of(settled());
        }

        @Override
        default EarlyData earlyData() {
            return settled().earlyData();
        }
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
                throw new Fault(Violation.MESSAGE_OUT_OF_PLACE, message.label(), Done.AWAITED);
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
    record Done(Agreed settled, Afterwards afterwards) implements ClientState {
        static final String AWAITED = "nothing of the handshake";

        /** Whether it took up a session, as the wire showed. */
        public boolean resumed() {
            return settled.resumed();
        }

        @Override
        public Stage stage() {
            return Stage.POST_FINISHED;
        }

        @Override
        public Optional<Agreed> agreed() {
            return Optional.of(settled);
        }

        @Override
        public EarlyData earlyData() {
            return settled.earlyData();
        }
    }

    /**
     * The handshake failed.
     *
     * @param agreed what had been settled by then
     */
    record Failed(HandshakeFailure failure, Optional<Agreed> agreed, EarlyData earlyData) implements ClientState {
        @Override
        public Stage stage() {
            return failure.stage();
        }
    }
}
