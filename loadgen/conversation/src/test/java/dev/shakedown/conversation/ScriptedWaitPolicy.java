package dev.shakedown.conversation;

import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Tickets;
import java.util.ArrayList;
import java.util.List;

/** Waits for what a test says, and records its calls. */
final class ScriptedWaitPolicy implements WaitPolicy {
    private final PostHandshake postHandshake;
    /** The calls it received, in order. */
    final List<String> told = new ArrayList<>();
    boolean requestsAtOnce;
    boolean requestsOnExpiry;
    boolean isProofOptional;
    /** The number of sessions that are enough. */
    int enough = Integer.MAX_VALUE;

    ScriptedWaitPolicy(PostHandshake postHandshake) {
        this.postHandshake = postHandshake;
    }

    ScriptedWaitPolicy requestingAtOnce() {
        requestsAtOnce = true;
        return this;
    }

    ScriptedWaitPolicy requestingOnExpiry() {
        requestsOnExpiry = true;
        return this;
    }

    ScriptedWaitPolicy withOptionalProof() {
        isProofOptional = true;
        return this;
    }

    @Override
    public PostHandshake postHandshake(Conversation done) {
        return postHandshake;
    }

    @Override
    public boolean requestsAtOnce(Conversation done, PostHandshake awaited) {
        return requestsAtOnce;
    }

    @Override
    public boolean requestsOnExpiry(Conversation overdue, PostHandshake awaited) {
        return requestsOnExpiry;
    }

    @Override
    public boolean isProofOptional(Conversation overdue) {
        return isProofOptional;
    }

    @Override
    public boolean hasEnoughTickets(Conversation met, Tickets tickets) {
        return tickets == Tickets.UNWANTED || tickets == Tickets.SETTLED || met.notes().gained() >= enough;
    }

    @Override
    public void ticketsSettled(Conversation conversation) {
        told.add("settled");
    }

    @Override
    public void completed(Conversation conversation, PostHandshake last) {
        told.add("completed " + last);
    }
}
