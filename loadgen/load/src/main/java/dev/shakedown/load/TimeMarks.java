package dev.shakedown.load;

import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.tls.client.Progress;
import java.util.Arrays;

/** When one handshake reached what, while it goes on; nanoseconds of {@link System#nanoTime()}. */
final class TimeMarks {
    private final long[] nanos = new long[Mark.values().length];

    TimeMarks() {
        Arrays.fill(nanos, Marks.NOT_REACHED);
    }

    void set(Mark mark, long at) {
        nanos[mark.ordinal()] = at;
    }

    boolean reached(Mark mark) {
        return nanos[mark.ordinal()] != Marks.NOT_REACHED;
    }

    long at(Mark mark) {
        return nanos[mark.ordinal()];
    }

    /** The latest of those that have been reached. */
    long latest() {
        var latest = nanos[0];
        for (var at : nanos) {
            if (at != Marks.NOT_REACHED) {
                latest = Math.max(latest, at);
            }
        }
        return latest;
    }

    /** As they are now. */
    Marks taken() {
        return Marks.of(nanos);
    }

    /** What a handshake calls progress, as a mark. */
    static Mark of(Progress progress) {
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
