package dev.shakedown.conversation;

import dev.shakedown.net.prelude.Dialogue;
import dev.shakedown.results.Mark;

/** The state of a conversation, named for what it awaits. */
public sealed interface State {
    // States without data are shared, as there are millions of conversations.
    State CONNECTING = new Connecting(false);
    State CONNECTING_BEGUN = new Connecting(true);
    State CONNECTED = new Connected();
    State HANDSHAKING = new Handshaking();
    State CLOSING = new Closing();
    State OVER = new Over();

    /**
     * Awaits the TCP connection.
     *
     * @param begun whether the pump can send; without a prelude the ClientHello has then been handed to it already
     */
    record Connecting(boolean begun) implements State {}

    /** Awaits the pump's readiness to send, though the TCP connection is established. */
    record Connected() implements State {}

    /** Awaits the server's consent to begin TLS. */
    record InPrelude(Dialogue dialogue) implements State {}

    /** Awaits the end of the handshake, whose own states are those of {@code tls.client}. */
    record Handshaking() implements State {}

    /** Awaits something that follows both Finished messages. */
    sealed interface PostHandshake extends State {
        /** The progress of the wait for tickets with which later handshakes resume. */
        Tickets tickets();

        /** Returns this state with {@code tickets} as the progress of that wait. */
        PostHandshake with(Tickets tickets);

        /** Returns the next state if what this one awaits is among the notes, and otherwise this one. */
        default PostHandshake next(Notes notes) {
            return this;
        }

        /**
         * Whether everything required has arrived. From then on neither a timeout nor an orderly close by the server is
         * a failure; a reset or an alert is, since it may mean that the server rejects the client's Finished.
         */
        default boolean isMet() {
            return false;
        }
    }

    /** Awaits a ticket or an answer, either of which proves that the server accepted the client's Finished. */
    record AwaitingProof(Tickets tickets) implements PostHandshake {
        @Override
        public PostHandshake with(Tickets other) {
            return new AwaitingProof(other);
        }

        /** An answer to the request proves as much as a ticket does. */
        @Override
        public PostHandshake next(Notes notes) {
            var proven = notes.reached(Mark.TICKET) || notes.isAnswered();
            return proven ? new AwaitingTickets(tickets) : this;
        }
    }

    /** Awaits the first byte of the answer to a request. */
    record AwaitingAnswer(Tickets tickets) implements PostHandshake {
        @Override
        public PostHandshake with(Tickets other) {
            return new AwaitingAnswer(other);
        }

        @Override
        public PostHandshake next(Notes notes) {
            return notes.reached(Mark.FIRST_BYTE) ? new AwaitingTickets(tickets) : this;
        }
    }

    /** Awaits tickets, if any; everything else has arrived. */
    record AwaitingTickets(Tickets tickets) implements PostHandshake {
        @Override
        public PostHandshake with(Tickets other) {
            return new AwaitingTickets(other);
        }

        @Override
        public boolean isMet() {
            return true;
        }
    }

    /** Awaits, for a limited time, whatever the server sends. */
    record Lingering() implements PostHandshake {
        @Override
        public Tickets tickets() {
            return Tickets.UNWANTED;
        }

        @Override
        public PostHandshake with(Tickets other) {
            return this;
        }

        @Override
        public boolean isMet() {
            return true;
        }
    }

    /** Awaits the server's close. The outcome is decided; what arrives now no longer changes it. */
    record Closing() implements State {}

    /** Awaits nothing. */
    record Over() implements State {}

    /** The progress of the wait for tickets with which later handshakes resume. */
    enum Tickets {
        UNWANTED,
        /** None has arrived. */
        WANTED,
        /** The first has arrived, and others sent with it may follow. */
        GATHERING,
        /** No more are awaited. */
        SETTLED
    }
}
