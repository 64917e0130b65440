package dev.shakedown.trace;

import dev.shakedown.conversation.Conversation;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Lingering;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.conversation.WaitPolicy;

/**
 * What a trace stays for: whatever the server has to say, or only a ticket.
 *
 * @param forTicket whether once a ticket is there only what came with it is waited for
 * @param asks      whether there is a request; where a ticket is all that is wanted, it goes out if none comes unasked
 */
record TraceWaitPolicy(boolean forTicket, boolean asks) implements WaitPolicy {
    @Override
    public PostHandshake postHandshake(Conversation done) {
        return forTicket ? new AwaitingTickets(Tickets.WANTED) : new Lingering();
    }

    @Override
    public boolean asksAtOnce(Conversation done, PostHandshake postHandshake) {
        return asks && !forTicket;
    }

    @Override
    public boolean asksWhenOverdue(Conversation overdue, PostHandshake postHandshake) {
        return asks && forTicket;
    }

    @Override
    public boolean isProofDispensable(Conversation overdue) {
        return true;
    }

    @Override
    public boolean suffices(Conversation met, Tickets tickets) {
        return tickets == Tickets.SETTLED;
    }

    @Override
    public void settled(Conversation conversation) {
        // nothing to learn from one
    }

    @Override
    public void completed(Conversation conversation, PostHandshake last) {
        // nor here
    }
}
