package dev.shakedown.conversation;

import dev.shakedown.net.prelude.Dialogue;
import dev.shakedown.results.Mark;

/** Where a conversation stands: named for what it awaits. */
public sealed interface State {
    // Those that know nothing more are shared, as there are millions of conversations.
    State CONNECTING = new Connecting(false);
    State CONNECTING_BEGUN = new Connecting(true);
    State CONNECTED = new Connected();
    State HANDSHAKING = new Handshaking();
    State CLOSING = new Closing();
    State OVER = new Over();

    /**
     * The TCP connection.
     *
     * @param begun whether the pump can send; a ClientHello that nothing comes before then leaves with the connection
     */
    record Connecting(boolean begun) implements State {}

    /** The pump, which has not said yet that it can send, though the TCP connection stands. */
    record Connected() implements State {}

    /** Leave to begin TLS. */
    record InPrelude(Dialogue dialogue) implements State {}

    /** The end of the handshake: of its messages {@code tls.client} knows more. */
    record Handshaking() implements State {}

    /** Something that comes behind both Finished. */
    sealed interface PostHandshake extends State {
        /** How far the wait for tickets that others are to resume with has come. */
        Tickets tickets();

        /** The same with that wait come further. */
        PostHandshake with(Tickets tickets);

        /** What it has come to by what the conversation has shown; itself as long as that is not what it awaits. */
        default PostHandshake shown(Notes notes) {
            return this;
        }

        /**
         * Whether it has come to what was asked for. Then neither its time nor the server's orderly end makes a failure
         * of it; a reset or an alert does, as it may mean that the server refuses the client's Finished.
         */
        default boolean isMet() {
            return false;
        }
    }

    /** A ticket or an answer, which shows that the server took the client's Finished. */
    record AwaitingProof(Tickets tickets) implements PostHandshake {
        @Override
        public PostHandshake with(Tickets other) {
            return new AwaitingProof(other);
        }

        /** An answer to the request proves as much as a ticket does. */
        @Override
        public PostHandshake shown(Notes notes) {
            var proven = notes.reached(Mark.TICKET) || notes.isAnswered();
            return proven ? new AwaitingTickets(tickets) : this;
        }
    }

    /** The first byte of the answer to a request. */
    record AwaitingAnswer(Tickets tickets) implements PostHandshake {
        @Override
        public PostHandshake with(Tickets other) {
            return new AwaitingAnswer(other);
        }

        @Override
        public PostHandshake shown(Notes notes) {
            return notes.reached(Mark.FIRST_BYTE) ? new AwaitingTickets(tickets) : this;
        }
    }

    /** Tickets, if any: all else has been met. */
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

    /** Whatever the server has to say, for a time. */
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

    /** The server's end of a conversation that is settled: what comes now is heard, and no longer judged. */
    record Closing() implements State {}

    /** Nothing. */
    record Over() implements State {}

    /** How far the wait for tickets that others are to resume with has come. */
    enum Tickets {
        UNWANTED,
        /** None has come. */
        WANTED,
        /** The first has come, and others of the same time may follow. */
        GATHERING,
        /** No more is waited for. */
        SETTLED
    }
}
