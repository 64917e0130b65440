package dev.shakedown.conversation;

import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.tls.client.Progress;
import java.util.Arrays;

/** When one conversation reached what, while it goes on; nanoseconds of the pump's clock. Not thread-safe. */
public final class TimeMarks {
    private final long[] nanos = new long[Mark.values().length];

    TimeMarks() {
        Arrays.fill(nanos, Marks.NOT_REACHED);
    }

    /** It is reached at {@code at}, whatever was noted before. */
    void set(Mark mark, long at) {
        nanos[mark.ordinal()] = at;
    }

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

    /** As they are now. */
    public Marks taken() {
        return Marks.of(nanos);
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
