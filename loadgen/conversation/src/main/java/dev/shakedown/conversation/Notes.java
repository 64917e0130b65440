package dev.shakedown.conversation;

import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.UnusableTicket;
import java.util.Arrays;

/**
 * What has been observed of one conversation so far: its time marks, in nanoseconds of the pump's clock, and its
 * counts. Not thread-safe.
 */
public final class Notes {
    /** Whether a request was sent after the handshake. */
    public enum Request {
        NOT_SENT,
        SENT,
        /** Sent although the server had already issued a ticket. */
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

    // Called by the conversation

    /** Sets {@code mark} to {@code at}, replacing any earlier time. */
    void set(Mark mark, long at) {
        nanos[mark.ordinal()] = at;
    }

    /**
     * Records progress. The first time counts if there are several tickets or hellos, or if a server answers a
     * ClientHello before it has seen the end of it.
     */
    void reached(Progress progress, long at) {
        var mark = of(progress);
        answered |= progress == Progress.FIRST_BYTE && hasRequested();
        if (!reached(mark)) {
            set(mark, at);
        }
    }

    /** Records the arrival of a ticket, which is early if it arrives before the client's Finished has been sent. */
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

    /**
     * @param first whether nothing was requested before, such as by early data; then application data that has arrived
     *              so far is no answer
     */
    void requested(boolean first) {
        request = gained > 0 ? Request.SENT_AFTER_TICKET : Request.SENT;
        if (first) {
            set(Mark.FIRST_BYTE, Marks.NOT_REACHED);
        }
    }

    // What others may know

    /** Whether {@code mark} has been reached. */
    public boolean reached(Mark mark) {
        return nanos[mark.ordinal()] != Marks.NOT_REACHED;
    }

    /** Returns when {@code mark} was reached, in nanoseconds; {@link Marks#NOT_REACHED} if it was not. */
    public long at(Mark mark) {
        return nanos[mark.ordinal()];
    }

    /** Returns the latest time of any mark reached so far, in nanoseconds. */
    public long latest() {
        var latest = nanos[0];
        for (var at : nanos) {
            if (at != Marks.NOT_REACHED) {
                latest = Math.max(latest, at);
            }
        }
        return latest;
    }

    /** Returns a copy of the marks as they are now. */
    public Marks marks() {
        return Marks.of(nanos);
    }

    /**
     * Whether a ticket arrived too early to prove anything: a server may send it before it has seen the client's
     * Finished (RFC 8446, 4.6.1).
     */
    public boolean hasEarlyTicket() {
        return earlyTicketNanos != Marks.NOT_REACHED;
    }

    /** Returns when the first early ticket arrived, in nanoseconds; {@link Marks#NOT_REACHED} if there was none. */
    public long earlyTicketNanos() {
        return earlyTicketNanos;
    }

    /** Returns the number of bytes given to the pump to send, including the prelude. */
    public int bytesSent() {
        return bytesSent;
    }

    /** Returns the number of bytes received, including the prelude. */
    public int bytesReceived() {
        return bytesReceived;
    }

    /** Returns how many sessions the server issued. */
    public int gained() {
        return gained;
    }

    /** Returns the number of tickets with a lifetime of 0, which must be discarded at once (RFC 8446, 4.6.1). */
    public int ticketsWithoutLifetime() {
        return ticketsWithoutLifetime;
    }

    /** Returns the number of tickets too large for a ClientHello. */
    public int ticketsTooLarge() {
        return ticketsTooLarge;
    }

    /** Returns whether a request was sent after the handshake. */
    public Request request() {
        return request;
    }

    /** Whether a request was sent. */
    public boolean hasRequested() {
        return request != Request.NOT_SENT;
    }

    /** Whether application data arrived after the request. */
    public boolean isAnswered() {
        return answered;
    }

    /** Returns the mark that a handshake's progress reaches. */
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
