package dev.shakedown.conversation;

import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.UnusableTicket;
import java.util.Arrays;

/**
 * What one conversation has shown so far: when it reached what, in nanoseconds of the pump's clock, and how much of
 * what there was. Not thread-safe.
 */
public final class Notes {
    /** What was asked of the server beyond the handshake. */
    public enum Request {
        NOT_SENT,
        SENT,
        /** When the server had given a ticket unasked. */
        SENT_AFTER_TICKET
    }

    private final long[] nanos = new long[Mark.values().length];
    private long earlyTicketNanos = Marks.NOT_REACHED;
    private int bytesSent;
    private int bytesReceived;
    private int gained;
    private int ticketsWithoutLifetime;
    private int ticketsTooLarge;
    private Request request = Request.NOT_SENT;
    private boolean answered;

    Notes() {
        Arrays.fill(nanos, Marks.NOT_REACHED);
    }

    // What the conversation notes

    /** It is reached at {@code at}, whatever was noted before. */
    void set(Mark mark, long at) {
        nanos[mark.ordinal()] = at;
    }

    /**
     * The first time counts: of tickets, of hellos, and where a server answers a hello of which it has not seen the
     * end.
     */
    void reached(Progress progress, long at) {
        var mark = of(progress);
        answered |= progress == Progress.FIRST_BYTE && hasRequested();
        if (!reached(mark)) {
            set(mark, at);
        }
    }

    /** The same of a ticket, which is early where it comes before the client's Finished has left. */
    void reachedTicket(long at) {
        if (reached(Mark.FINISHED) && at >= at(Mark.FINISHED)) {
            reached(Progress.TICKET, at);
        } else if (!hasEarlyTicket()) {
            earlyTicketNanos = at;
        }
    }

    void sent(int bytes) {
        bytesSent += bytes;
    }

    void received(int bytes) {
        bytesReceived += bytes;
    }

    void gainedSession() {
        gained++;
    }

    void unusable(UnusableTicket reason) {
        switch (reason) {
            case NO_LIFETIME -> ticketsWithoutLifetime++;
            case TOO_LARGE -> ticketsTooLarge++;
        }
    }

    /** @param first whether nothing was asked before, as by early data: what the server has said is then no answer */
    void requested(boolean first) {
        request = gained > 0 ? Request.SENT_AFTER_TICKET : Request.SENT;
        if (first) {
            set(Mark.FIRST_BYTE, Marks.NOT_REACHED);
        }
    }

    // What others may know

    /** Whether it has come as far as {@code mark}. */
    public boolean reached(Mark mark) {
        return nanos[mark.ordinal()] != Marks.NOT_REACHED;
    }

    /** When {@code mark} was reached, nanoseconds; {@link Marks#NOT_REACHED} if it was not. */
    public long at(Mark mark) {
        return nanos[mark.ordinal()];
    }

    /** The latest of those that have been reached. */
    public long latest() {
        var latest = nanos[0];
        for (var at : nanos) {
            if (at != Marks.NOT_REACHED) {
                latest = Math.max(latest, at);
            }
        }
        return latest;
    }

    /** The marks as they are now. */
    public Marks marks() {
        return Marks.of(nanos);
    }

    /**
     * Whether a ticket came that shows nothing: before it has seen our Finished a server says nothing of it (RFC 8446,
     * 4.6.1).
     */
    public boolean hasEarlyTicket() {
        return earlyTicketNanos != Marks.NOT_REACHED;
    }

    /** When the first such ticket came, nanoseconds; else {@link Marks#NOT_REACHED}. */
    public long earlyTicketNanos() {
        return earlyTicketNanos;
    }

    /** Bytes given to the pump to be sent, the prelude's too. */
    public int bytesSent() {
        return bytesSent;
    }

    /** Bytes that arrived, the prelude's too. */
    public int bytesReceived() {
        return bytesReceived;
    }

    /** How many sessions the server gave. */
    public int gained() {
        return gained;
    }

    /** Tickets that were to be discarded at once (RFC 8446, 4.6.1). */
    public int ticketsWithoutLifetime() {
        return ticketsWithoutLifetime;
    }

    /** Tickets that no ClientHello has room for. */
    public int ticketsTooLarge() {
        return ticketsTooLarge;
    }

    /** What was asked of the server. */
    public Request request() {
        return request;
    }

    /** Whether anything was. */
    public boolean hasRequested() {
        return request != Request.NOT_SENT;
    }

    /** Whether application data came behind the request. */
    public boolean isAnswered() {
        return answered;
    }

    /** What a handshake calls progress, as a mark. */
    public static Mark of(Progress progress) {
        return switch (progress) {
            case HELLO_SENT -> Mark.HELLO_SENT;
            case HELLO_RETRY_REQUEST -> Mark.HELLO_RETRY_REQUEST;
            case SERVER_HELLO -> Mark.SERVER_HELLO;
            case SERVER_FLIGHT_DONE -> Mark.SERVER_FLIGHT_DONE;
            case KEY_EXCHANGE_SENT -> Mark.KEY_EXCHANGE_SENT;
            case FINISHED -> Mark.FINISHED;
            case TICKET -> Mark.TICKET;
            case FIRST_BYTE -> Mark.FIRST_BYTE;
        };
    }
}
