package dev.shakedown.report;

import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunResult.KindResult;

/** One sentence that says what resumption was worth, or why the run cannot tell. */
public final class FullAgainstResumed {
    /** Ratios closer to 1 than this are no difference that three digits and one run can show. */
    private static final double SAME_WITHIN = 0.02;

    private FullAgainstResumed() {}

    public static String sentence(RunResult result) {
        var full = result.kinds().full();
        var resumed = result.kinds().resumed();
        var hasFull = full.latencyMicros().count() > 0;
        var hasResumed = resumed.latencyMicros().count() > 0;
        if (hasFull && hasResumed) {
            return compared(full, resumed);
        }
        if (hasFull) {
            return "A full handshake " + tookAndMoved(full) + "; " + whyNoneResumed(result) + ".";
        }
        if (hasResumed) {
            return "A resumed handshake " + tookAndMoved(resumed) + "; no full one completed, so there is nothing to"
                    + " compare it with.";
        }
        return "No handshake completed, so there is nothing to compare.";
    }

    private static String compared(KindResult full, KindResult resumed) {
        double fullMicros = full.latencyMicros().p50();
        double resumedMicros = resumed.latencyMicros().p50();
        var larger = Math.max(fullMicros, resumedMicros);
        return "A resumed handshake took " + Units.time(resumedMicros, larger) + " at p50 against "
                + Units.time(fullMicros, larger) + " for a full one: " + ratio(fullMicros, resumedMicros)
                + "; it moved " + bytes(resumed) + " bytes instead of " + bytes(full) + ".";
    }

    private static String ratio(double fullMicros, double resumedMicros) {
        if (Math.abs(fullMicros - resumedMicros) <= SAME_WITHIN * Math.max(fullMicros, resumedMicros)) {
            return "about the same";
        }
        if (Math.min(fullMicros, resumedMicros) <= 0) {
            return "one of them is too short to measure";
        }
        return fullMicros > resumedMicros
                ? Units.number(fullMicros / resumedMicros) + " times less"
                : Units.number(resumedMicros / fullMicros) + " times as much";
    }

    private static String tookAndMoved(KindResult kind) {
        return "took " + Units.time(kind.latencyMicros().p50()) + " at p50 and moved " + bytes(kind) + " bytes";
    }

    private static String bytes(KindResult kind) {
        return kind.bytesSent() == null || kind.bytesReceived() == null
                ? Units.NONE
                : Units.count(Math.round(kind.bytesSent() + kind.bytesReceived()));
    }

    private static String whyNoneResumed(RunResult result) {
        var resumption = result.resumption();
        if (resumption.asked() == 0) {
            return result.plan().mix().resumed() == 0
                    ? "no resumed one was asked for"
                    : "the run ended before a resumed one was due";
        }
        if (resumption.accepted() > 0) {
            return "the server accepted " + Units.count(resumption.accepted(), "session")
                    + ", but no resumed handshake completed";
        }
        if (resumption.declined() > 0) {
            return "nothing was resumed, because the server declined every session that it answered ("
                    + Units.count(resumption.declined()) + ")";
        }
        if (resumption.offered() > 0) {
            return "nothing was resumed, because the server answered none of the sessions offered to it ("
                    + Units.count(resumption.offered()) + ")";
        }
        return "nothing was resumed, because the server issued no session to offer, or the run was too short to gain one";
    }
}
