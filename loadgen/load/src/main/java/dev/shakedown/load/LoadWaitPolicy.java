package dev.shakedown.load;

import dev.shakedown.conversation.Conversation;
import dev.shakedown.conversation.Notes.Request;
import dev.shakedown.conversation.State.AwaitingAnswer;
import dev.shakedown.conversation.State.AwaitingProof;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.PostHandshake;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.conversation.WaitPolicy;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.function.IntSupplier;

/**
 * Decides what the handshakes of one destination wait for: what completes them according to the plan, and tickets for
 * later handshakes.
 */
final class LoadWaitPolicy implements WaitPolicy {
    private final Ending ending;
    private final TicketSupply tickets;
    private final IntSupplier inFlight;

    /** @param inFlight approximate number of handshakes in progress at the destination */
    LoadWaitPolicy(Ending ending, TicketSupply tickets, IntSupplier inFlight) {
        this.ending = ending;
        this.tickets = tickets;
        this.inFlight = inFlight;
    }

    @Override
    public PostHandshake postHandshake(Conversation done) {
        if (needsRequestForAnswer(done)) {
            return new AwaitingAnswer(Tickets.UNWANTED);
        }
        if (done.handshake().version() != ProtocolVersion.TLS_1_3) {
            return NOTHING;
        }
        var supply = tickets.isShort(kind(done), done.notes().gained(), inFlight.getAsInt())
                ? Tickets.WANTED
                : Tickets.UNWANTED;
        return switch (ending.completeOn()) {
            case RESPONSE -> new AwaitingAnswer(supply);
            case TICKET -> needsProof(done) ? new AwaitingProof(supply) : forTickets(supply);
            case FINISHED -> forTickets(supply);
        };
    }

    private boolean needsProof(Conversation done) {
        return !done.notes().reached(Mark.TICKET) && !(isProofOptional(done) && noTicketWillProve(done));
    }

    private static PostHandshake forTickets(Tickets supply) {
        return supply == Tickets.UNWANTED ? NOTHING : new AwaitingTickets(supply);
    }

    @Override
    public boolean requestsAtOnce(Conversation done, PostHandshake postHandshake) {
        return switch (postHandshake) {
            case AwaitingAnswer _ -> needsRequestForAnswer(done);
            case AwaitingProof _ when noTicketWillProve(done) -> true;
            default -> tickets.needsRequest(kind(done));
        };
    }

    @Override
    public boolean requestsOnExpiry(Conversation overdue, PostHandshake postHandshake) {
        return switch (postHandshake) {
            case AwaitingAnswer _ -> false;
            case AwaitingProof _ when !isProofOptional(overdue) -> true;
            default -> postHandshake.tickets() != Tickets.UNWANTED && overdue.notes().gained() == 0
                    && tickets.mayRequest(kind(overdue));
        };
    }

    /**
     * Whether an answer has to be requested. Tickets arrive before the answer to a request, but after the answer to
     * early data.
     */
    private boolean needsRequestForAnswer(Conversation done) {
        return ending.completeOn() == CompleteOn.RESPONSE && done.handshake().earlyData() != EarlyData.ACCEPTED;
    }

    private boolean noTicketWillProve(Conversation done) {
        return done.notes().hasEarlyTicket() || tickets.bringsNone(kind(done));
    }

    /**
     * Whether the proof was implied by a client certificate, which the server does not verify in a resumed handshake.
     */
    @Override
    public boolean isProofOptional(Conversation conversation) {
        return ending.implied() && conversation.handshake().resumed();
    }

    @Override
    public boolean hasEnoughTickets(Conversation met, Tickets awaited) {
        // If a ticket was awaited as a proof, the answer is one, and no later ticket proves more.
        return awaited == Tickets.UNWANTED || awaited == Tickets.SETTLED
                || tickets.isEnough(kind(met), met.notes().gained())
                || ending.completeOn() == CompleteOn.TICKET && met.notes().isAnswered();
    }

    @Override
    public void ticketsSettled(Conversation conversation) {
        tickets.settled(kind(conversation), conversation.notes().gained());
    }

    /** Learns how many sessions a handshake of this kind yields. */
    @Override
    public void completed(Conversation conversation, PostHandshake last) {
        var kind = kind(conversation);
        var gained = conversation.notes().gained();
        if (conversation.handshake().version() != ProtocolVersion.TLS_1_3) {
            tickets.brought(kind, gained);
        } else if (gained > 0) {
            tickets.came(kind, gained, conversation.notes().request() == Request.SENT);
        } else if (last.tickets() != Tickets.SETTLED && conversation.notes().isAnswered()) {
            tickets.settled(kind, 0);
        }
    }

    /** Returns the kind of handshake according to the server. */
    static Kind kind(Conversation conversation) {
        return conversation.handshake().resumed() ? Kind.RESUMED : Kind.FULL;
    }
}
