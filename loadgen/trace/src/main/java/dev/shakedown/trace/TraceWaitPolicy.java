package dev.shakedown.trace;

import dev.shakedown.conversation.Conversation;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Lingering;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.conversation.WaitPolicy;

/**
 * Decides what a trace waits for: whatever the server sends, or only a ticket.
 *
 * @param forTicket whether the wait is only for a ticket and those sent with it
 * @param asks      whether there is a request; if only a ticket is wanted, it is sent only if none arrives without it
 */
record TraceWaitPolicy(boolean forTicket, boolean asks) implements WaitPolicy {
    @Override
    public PostHandshake postHandshake(Conversation done) {
        return forTicket ? new AwaitingTickets(Tickets.WANTED) : new Lingering();
    }

    @Override
    public boolean requestsAtOnce(Conversation done, PostHandshake postHandshake) {
        return asks && !forTicket;
    }

    @Override
    public boolean requestsOnExpiry(Conversation overdue, PostHandshake postHandshake) {
        return asks && forTicket;
    }

    @Override
    public boolean isProofOptional(Conversation overdue) {
        return true;
    }

    @Override
    public boolean hasEnoughTickets(Conversation met, Tickets tickets) {
        return tickets == Tickets.SETTLED;
    }

    @Override
    public void ticketsSettled(Conversation conversation) {
        // one handshake teaches nothing
    }

    @Override
    public void completed(Conversation conversation, PostHandshake last) {
        // likewise
    }
}
