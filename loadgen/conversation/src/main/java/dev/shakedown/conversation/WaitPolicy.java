package dev.shakedown.conversation;

import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Tickets;

/**
 * What conversations stay for once their handshakes are done: decides, from what a conversation shows, and may learn
 * from it. One may serve many conversations.
 */
public interface WaitPolicy {
    /** Nothing to stay for: what a conversation that awaits it has come to at once. */
    PostHandshake FOR_NOTHING = new AwaitingTickets(Tickets.UNWANTED);

    /** What to stay for, both Finished having gone. */
    PostHandshake postHandshake(Conversation done);

    /** Whether the request goes out now that the handshake is done, as what it stays for may need it. */
    boolean asksAtOnce(Conversation done, PostHandshake postHandshake);

    /** Whether the request, which has not gone out yet, does so now that what is stayed for has not come in time. */
    boolean asksWhenOverdue(Conversation overdue, PostHandshake postHandshake);

    /** Whether a proof that has not come in time can be done without. */
    boolean isProofDispensable(Conversation overdue);

    /** Whether no more tickets need to be waited for, all else having been met. */
    boolean suffices(Conversation met, Tickets tickets);

    /** It has waited for further tickets in vain; told once at most. */
    void settled(Conversation conversation);

    /** It ends as it should; {@code last} is what it stayed for at the end. */
    void completed(Conversation conversation, PostHandshake last);
}
