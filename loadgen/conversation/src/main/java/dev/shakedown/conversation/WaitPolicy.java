package dev.shakedown.conversation;

import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Tickets;

/**
 * Decides what conversations wait for once their handshakes are done, and may learn from what they observe. One policy
 * may serve many conversations.
 */
public interface WaitPolicy {
    /** Waits for nothing, so that the conversation is complete at once. */
    PostHandshake NOTHING = new AwaitingTickets(Tickets.UNWANTED);

    /** Returns what to wait for now that both Finished messages have been sent. */
    PostHandshake postHandshake(Conversation done);

    /** Whether to send the request as soon as the handshake is done. */
    boolean requestsAtOnce(Conversation done, PostHandshake postHandshake);

    /** Whether to send the request, which has not been sent yet, now that the wait has expired. */
    boolean requestsOnExpiry(Conversation overdue, PostHandshake postHandshake);

    /** Whether a proof that has not arrived in time is optional. */
    boolean isProofOptional(Conversation overdue);

    /** Whether there are enough tickets, everything else having arrived. */
    boolean hasEnoughTickets(Conversation met, Tickets tickets);

    /** Called at most once, when the wait for further tickets is over. */
    void ticketsSettled(Conversation conversation);

    /** Called when the conversation is complete; {@code last} is what it waited for at the end. */
    void completed(Conversation conversation, PostHandshake last);
}
