package dev.shakedown.report;

import dev.shakedown.results.Estimates;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums.KindResult;
import dev.shakedown.results.RunSums.Kinds;
import dev.shakedown.results.RunSums.Share;
import java.util.OptionalLong;

/** The sentence that says what resumption saved, or why a run cannot tell. */
public final class FullAgainstResumed {
    private FullAgainstResumed() {}

    public static String sentence(RunResult result) {
        var full = result.kinds().full();
        var resumed = result.kinds().resumed();
        if (full.completed() > 0 && resumed.completed() > 0) {
            return bothKinds(result);
        }
        if (full.completed() > 0) {
            return "A full handshake " + tookAndMoved(full) + "; " + whyNoneResumed(result) + unfit(result) + ".";
        }
        if (resumed.completed() > 0) {
            return "A resumed handshake " + tookAndMoved(resumed) + "; no full one completed, so there is nothing to"
                    + " compare it with" + unfit(result) + ".";
        }
        return "No handshake completed, so there is nothing to compare.";
    }

    private static String bothKinds(RunResult result) {
        var full = result.kinds().full();
        var resumed = result.kinds().resumed();
        if (result.plan().shape().mix().full() == 0 || result.resumption().asked() == result.outcomes().planned()) {
            return "Full and resumed handshakes are not compared: no full ones were asked for, and the "
                    + Units.count(full.completed())
                    + " that completed had no session to offer, or theirs was declined.";
        }
        if (Math.min(full.completed(), resumed.completed()) < Kinds.LEAST) {
            return tooFew(Units.count(full.completed()) + " full and " + Units.count(resumed.completed())
                    + " resumed handshakes completed");
        }
        var share = result.kinds().resumedToFull();
        return share == null
                ? "Full and resumed handshakes are not compared: the confidence interval needs at least three"
                        + " seconds with handshakes of each kind."
                : compared(share, full, resumed) + unfit(result) + ".";
    }

    /** @param completed how many handshakes of each kind completed, as a clause */
    static String tooFew(String completed) {
        return "Too few to compare: " + completed + ", and it takes at least " + Kinds.LEAST + " of each kind.";
    }

    private static String compared(Share share, KindResult full, KindResult resumed) {
        var within = Units.within(share.low(), share.high());
        // Only finished runs have a share, and these know their bytes.
        var less = bytes(resumed).orElseThrow();
        var more = bytes(full).orElseThrow();
        var bytes = Units.times((double) less / more) + " times as many bytes (" + Units.count(less) + " instead of "
                + Units.count(more) + ")";
        return share.low() <= 1 && share.high() >= 1
                ? "No difference in time could be shown: a resumed handshake took " + within
                        + " times as long as a full one at p50 (" + Estimates.CONFIDENCE + " confidence), and " + bytes
                : "A resumed handshake takes " + Units.times(share.p50()) + " times as long as a full one at p50 ("
                        + within + " with " + Estimates.CONFIDENCE + " confidence) and " + bytes;
    }

    private static String unfit(RunResult result) {
        var generator = result.generator();
        if (!generator.saturated()) {
            return "";
        }
        return (RunWords.isOfMachine(generator.saturatedCause())
                ? "; this machine delayed the generator in this run"
                : "; the generator was the bottleneck in this run") + ", which may explain that";
    }

    private static String tookAndMoved(KindResult kind) {
        var latency = kind.latencyMicros();
        var bytes = bytes(kind);
        return "took " + Units.time(latency.p50()) + " at p50"
                + (Quantile.P50.isSupportedBy(latency.count()) ? "" : " (of only " + Units.count(latency.count()) + ")")
                + (bytes.isPresent() ? " and moved " + Units.count(bytes.getAsLong()) + " bytes" : "");
    }

    /** Returns the bytes per handshake; empty where none completed, or the run did not finish. */
    private static OptionalLong bytes(KindResult kind) {
        return kind.bytesSent() == null || kind.bytesReceived() == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round(kind.bytesSent() + kind.bytesReceived()));
    }

    private static String whyNoneResumed(RunResult result) {
        var resumption = result.resumption();
        if (resumption.asked() == 0) {
            return result.plan().shape().mix().resumed() == 0
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
        return "nothing was resumed, because the server issued no session to offer, or the run was too short to get"
                + " one";
    }
}
