package dev.shakedown.trace;

import dev.shakedown.results.RunRows.FailureRow;
import dev.shakedown.results.WholeFile;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one trace for each kind of failure in a load. It watches all handshakes, so that even a single failure in a
 * million has its trace. Thread-safe.
 */
public final class FailureTraces {
    /** Up to this many concurrent handshakes on one thread, all are watched; beyond it, only some, to save memory. */
    private static final int MOST_AT_ONCE = 4096;
    private static final int ONE_IN = 8;
    /** No server fails in more ways than this, unless it tries to. */
    private static final int MOST_TRACES = 200;

    /**
     * What distinguishes kinds of failures.
     *
     * @param cause {@code null} if the deadline ended the handshake; likewise for {@code meaning}
     */
    private record Key(String stage, boolean sent, @Nullable String cause, @Nullable String meaning) {
        static Key ofTimeout(String stage) {
            return new Key(stage, false, null, null);
        }

        boolean isLike(Key other) {
            return stage.equals(other.stage) && sent == other.sent && Objects.equals(cause, other.cause);
        }
    }

    private final Map<Key, FailureRecorder> traces = new ConcurrentHashMap<>();

    /**
     * Returns an observer for the next handshake; {@code null} for none.
     *
     * @param inFlight handshakes in progress on this thread
     */
    public @Nullable HandshakeObserver next(int inFlight) {
        return inFlight <= MOST_AT_ONCE || ThreadLocalRandom.current().nextInt(ONE_IN) == 0
                ? new FailureRecorder()
                : null;
    }

    /** Called when a handshake has failed that {@code observer} watched, unless that is {@code null}. */
    public void failed(HandshakeFailure failure, @Nullable HandshakeObserver observer) {
        keep(new Key(failure.stage().label(), failure.sent(), failure.cause(), failure.meaning()),
                observer);
    }

    /** Called when the deadline has ended a handshake that {@code observer} watched, unless that is {@code null}. */
    public void timedOut(Stage stage, @Nullable HandshakeObserver observer) {
        keep(Key.ofTimeout(stage.label()), observer);
    }

    private void keep(Key key, @Nullable HandshakeObserver observer) {
        if (observer instanceof FailureRecorder watched && traces.size() < MOST_TRACES && !traces.containsKey(key)) {
            watched.end();
            traces.putIfAbsent(key, watched);
        }
    }

    /**
     * Writes the trace of a failure.
     *
     * @param failure the failure as in the results
     * @param summary a summary to print above it
     */
    public void write(Path file, FailureRow failure, String summary) throws IOException {
        // An alert shows in the trace itself.
        var end = failure.alert() == null ? failure.cause() + " ended it" : null;
        write(file, new Key(failure.stage(), failure.direction().equals("sent"), failure.cause(), failure.meaning()),
                summary, end);
    }

    /** Writes the trace of a handshake ended by the deadline. */
    public void writeTimeout(Path file, String stage, String summary) throws IOException {
        write(file, Key.ofTimeout(stage), summary, "The deadline ended it");
    }

    /** @param end what ended the handshake, if the records do not show that; else {@code null} */
    private void write(Path file, Key key, String summary, @Nullable String end) throws IOException {
        // If there are too many meanings for the results to list each, any of them will do.
        var observer = traces.getOrDefault(key, traces.entrySet().stream().filter(each -> each.getKey().isLike(key))
                .map(Map.Entry::getValue).findAny().orElse(null));
        var text = new StringWriter();
        print(new PrintWriter(text), observer, key, summary, end);
        WholeFile.write(file, text.toString());
    }

    private static void print(PrintWriter out, @Nullable FailureRecorder observer, Key key, String summary,
            @Nullable String end) {
        out.println(summary);
        out.println();
        if (observer == null) {
            out.printf(Locale.ROOT,
                    "None of them was watched: of more than %,d under way at once on a thread one in"
                            + " %d is, and %d ways to fail are traced.%n",
                    MOST_AT_ONCE, ONE_IN, MOST_TRACES);
            return;
        }
        var trace = observer.trace();
        if (trace.first().isEmpty() || key.stage.equals(Stage.CONNECT.label())) {
            out.println("Nothing was sent or received.");
        } else {
            out.println("One of them, record by record; seconds count from the request to connect.");
            out.println();
            var text = new TraceText(out, 1, false);
            trace.first().forEach(text::print);
            if (trace.leftOut() > 0) {
                out.printf(Locale.ROOT, "%n%,d records left out here%n%n", trace.leftOut());
            }
            trace.last().forEach(text::print);
        }
        if (end != null) {
            out.println();
            out.printf(Locale.ROOT, "%s after %.4f s, at stage %s.%n", end, observer.seconds(), key.stage);
        }
    }
}
