package dev.shakedown.cli;

import dev.shakedown.report.Units;
import dev.shakedown.results.Summary.Live;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The line that says how a load goes: rewritten each second on a terminal, else a new one every few seconds. */
final class Progress {
    /** Seconds between two lines where standard error is no terminal. */
    private static final int PLAIN_EVERY = 5;
    private static final String REWRITE = "\r\033[K";

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
     * Shows one second.
     *
     * @param what        what is going on, to stand before the figures; empty for the measured part
     * @param live        what happened in it
     * @param secondsLeft until no more is planned; negative where a count ends the load
     */
    void second(String what, Live live, int inFlight, double secondsLeft) {
        seconds++;
        if (quiet || !terminal && seconds % PLAIN_EVERY != 0) {
            return;
        }
        var left = secondsLeft < 0 ? "" : String.format(Locale.ROOT, "  %.0f s left", secondsLeft);
        var line = String.format(Locale.ROOT, "%s%.0f/s  %d in flight  p50 %s  p99 %s  %d failed  %d timed out%s", what,
                live.completedPerSecond(), inFlight, Units.time(live.p50Micros()), Units.time(live.p99Micros()),
                live.failed(), live.timedOut(), left);
        err.print(terminal ? REWRITE + line : line + System.lineSeparator());
        err.flush();
    }

    /** Shows what goes on now; where there is no terminal, every few seconds. */
    void step(String what) {
        var now = System.nanoTime();
        if (quiet || !terminal && seconds > 0 && now - lastStep < PLAIN_EVERY * 1_000_000_000L) {
            return;
        }
        seconds++;
        lastStep = now;
        err.print(terminal ? REWRITE + what : what + System.lineSeparator());
        err.flush();
    }

    /** Says what goes on now; on a terminal in the place of what it said before. */
    void line(String what) {
        if (!quiet) {
            seconds++;
            err.print(terminal ? REWRITE + what : what + System.lineSeparator());
            err.flush();
        }
    }

    /** Says something once, such as where results lie. */
    void say(String sentence) {
        if (!quiet) {
            clear();
            err.println(sentence);
            err.flush();
        }
    }

    /** Takes the live line away. */
    void clear() {
        if (terminal && !quiet && seconds > 0) {
            err.print(REWRITE);
            err.flush();
        }
    }

    /** Whether standard error is a terminal; the JDK tells it only of standard input and output together. */
    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException | UnsupportedOperationException _) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
