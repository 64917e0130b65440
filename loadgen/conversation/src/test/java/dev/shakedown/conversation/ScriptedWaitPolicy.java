package dev.shakedown.conversation;

import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Tickets;
import java.util.ArrayList;
import java.util.List;

/** Stays for what a test says, and notes what it is told. */
final class ScriptedWaitPolicy implements WaitPolicy {
    private final PostHandshake postHandshake;
    /** What it was told, in order. */
    final List<String> told = new ArrayList<>();
    boolean asksAtOnce;
    boolean asksWhenOverdue;
    boolean isProofDispensable;
    /** How many sessions are as many as the server gives. */
    int enough = Integer.MAX_VALUE;

    ScriptedWaitPolicy(PostHandshake postHandshake) {
        this.postHandshake = postHandshake;
    }

    ScriptedWaitPolicy askingAtOnce() {
        asksAtOnce = true;
        return this;
    }

    ScriptedWaitPolicy askingWhenOverdue() {
        asksWhenOverdue = true;
        return this;
    }

    ScriptedWaitPolicy goingWithoutProof() {
        isProofDispensable = true;
        return this;
    }

    @Override
    public PostHandshake postHandshake(Conversation done) {
        return postHandshake;
    }

    @Override
    public boolean asksAtOnce(Conversation done, PostHandshake awaited) {
        return asksAtOnce;
    }

    @Override
    public boolean asksWhenOverdue(Conversation overdue, PostHandshake awaited) {
        return asksWhenOverdue;
    }

    @Override
    public boolean isProofDispensable(Conversation overdue) {
        return isProofDispensable;
    }

    @Override
    public boolean suffices(Conversation met, Tickets tickets) {
        return tickets == Tickets.UNWANTED || tickets == Tickets.SETTLED || met.notes().gained() >= enough;
    }

    @Override
    public void settled(Conversation conversation) {
        told.add("settled");
    }

    @Override
    public void completed(Conversation conversation, PostHandshake last) {
        told.add("completed " + last);
    }
}
