package dev.shakedown.cli;

import dev.shakedown.report.Units;
import dev.shakedown.results.Summary;
import dev.shakedown.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.StringJoiner;

/**
 * Reports the progress of a load: on a terminal in one line that is rewritten each second, otherwise in a new line
 * every few seconds.
 */
final class Progress {
    /** Seconds between lines if standard error is not a terminal. */
    private static final int PLAIN_EVERY = 5;
    private static final String REWRITE = "\r\033[K";

    // Priorities of the parts of the line: those with the highest numbers stay longest.
    private static final int IN_FLIGHT = 0;
    private static final int NOTHING_FAILED = 1;
    private static final int BAR = 2;
    private static final int RATE = 3;
    private static final int LEFT = 4;
    private static final int P99 = 5;
    private static final int DONE = 6;
    private static final int FAILED = 7;
    private static final int LATE = 8;

    private final PrintWriter err;
    private final boolean terminal;
    private final boolean quiet;
    private int seconds;
    private long lastStep;

    Progress(PrintWriter err, boolean quiet) {
        this.err = err;
        this.quiet = quiet;
        this.terminal = isTerminal();
    }

    /**
     * How much there is to do, as far as is known.
     *
     * @param arrivals number of arrivals planned; empty if only the time is known
     * @param seconds  length of the load; empty if only the count is known
     */
    record Whole(OptionalLong arrivals, OptionalDouble seconds) {}

    /** Shows that the load begins, before its first second is over. */
    void begin(Whole whole) {
        if (!quiet && terminal) {
            print(new LiveLine().bar(BAR, 0).and(DONE, "0" + of(whole)).and(LEFT, "connecting"));
        }
    }

    /** Shows the progress after one more second. */
    void second(Run.Second second, Whole whole) {
        seconds++;
        if (quiet || !terminal && seconds % PLAIN_EVERY != 0) {
            return;
        }
        var line = line(second, whole);
        if (terminal) {
            print(line);
        } else {
            err.println(line.whole());
            err.flush();
        }
    }

    /** Returns the line for one second. */
    static LiveLine line(Run.Second second, Whole whole) {
        var live = second.live();
        var line = new LiveLine();
        if (second.warmingUp()) {
            line.and(DONE, "warming up");
        } else {
            line.bar(BAR, share(second, whole)).and(DONE, Units.count(live.ended()) + of(whole));
        }
        var bad = live.failed() + live.timedOut();
        return line.and(RATE, String.format(Locale.ROOT, "%,.0f/s", live.completedPerSecond()))
                .and(P99, p99(live))
                .and(bad == 0 ? NOTHING_FAILED : FAILED, Units.count(bad) + " failed")
                .and(LEFT, second.secondsLeft() < 0 ? "" : Units.wait(second.secondsLeft()) + " left")
                .and(IN_FLIGHT, Units.count(second.inFlight()) + " in flight").and(LATE, second.late().orElse(""));
    }

    /** Returns the p99 of each kind of which some have completed. */
    private static String p99(Summary.Live live) {
        var kinds = new StringJoiner(" ", "p99 ", "").setEmptyValue("");
        if (live.fullP99Micros() != null) {
            kinds.add("full " + Units.time(live.fullP99Micros()));
        }
        if (live.resumedP99Micros() != null) {
            kinds.add("resumed " + Units.time(live.resumedP99Micros()));
        }
        return kinds.toString();
    }

    private static String of(Whole whole) {
        return whole.arrivals().isPresent() ? " of " + Units.count(whole.arrivals().getAsLong()) : " done";
    }

    private static double share(Run.Second second, Whole whole) {
        return whole.seconds().isPresent()
                ? 1 - second.secondsLeft() / whole.seconds().getAsDouble()
                : whole.arrivals().isPresent()
                        ? (double) second.live().ended() / whole.arrivals().getAsLong()
                        : 0;
    }

    /** Leaves the last column free, since a terminal may wrap there. */
    private void print(LiveLine line) {
        seconds = Math.max(1, seconds);
        err.print(REWRITE + line.within(TerminalWidth.now() - 1));
        err.flush();
    }

    /** Shows the current step; if standard error is not a terminal, only every few seconds. */
    void step(String what) {
        var now = System.nanoTime();
        if (quiet || !terminal && seconds > 0 && now - lastStep < PLAIN_EVERY * 1_000_000_000L) {
            return;
        }
        seconds++;
        lastStep = now;
        err.print(terminal ? REWRITE + LiveLine.cut(what, TerminalWidth.now() - 1) : what + System.lineSeparator());
        err.flush();
    }

    /** Says what happens now; on a terminal in place of the previous line. */
    void line(String what) {
        if (!quiet) {
            seconds++;
            err.print(terminal
                    ? REWRITE + LiveLine.cut(what, TerminalWidth.now() - 1)
                    : what + System.lineSeparator());
            err.flush();
        }
    }

    /** Prints a sentence that stays, such as where results are. */
    void say(String sentence) {
        if (!quiet) {
            clear();
            err.println(sentence);
            err.flush();
        }
    }

    /** Removes the live line. */
    void clear() {
        if (terminal && !quiet && seconds > 0) {
            err.print(REWRITE);
            err.flush();
        }
    }

    /** Whether standard error is a terminal; the JDK knows this only for standard input and output together. */
    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException | UnsupportedOperationException _) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
