package dev.shakedown.experiment;

import dev.shakedown.experiment.CostStudy.Probe;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Recorder;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Summary;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A block of handshakes with a server whose costs are known.
 *
 * @param slower    by what factor the machine is slower
 * @param fullOfTen how many of ten handshakes that should be resumed are full, half of them for lack of a session
 */
record CostBlock(Kind kind, double slower, int fullOfTen, String suite, int resumedBytes, int handshakes) {
    static final int HANDSHAKES = 1000;

    CostBlock(Kind kind, double slower, int fullOfTen) {
        this(kind, slower, fullOfTen, "A", 500, HANDSHAKES);
    }

    Trial trial() {
        var recorder = new Recorder();
        var really = new EnumMap<Kind, Integer>(Map.of(Kind.FULL, 0, Kind.RESUMED, 0));
        for (var n = 0; n < handshakes; n++) {
            var done = kind == Kind.RESUMED && n % 10 < fullOfTen ? Kind.FULL : kind;
            really.merge(done, 1, Integer::sum);
            var marks = new long[Mark.values().length];
            Arrays.fill(marks, Marks.NOT_REACHED);
            marks[Mark.PLANNED.ordinal()] = 0;
            marks[Mark.BEGUN.ordinal()] = 0;
            marks[Mark.FINISHED.ordinal()] = (long) ((done == Kind.FULL ? 3_000_000 : 1_000_000) * slower);
            recorder.planned();
            recorder.record(new Sample(new Completed(done, new Negotiated("TLSv1.2", suite,
                    done == Kind.FULL ? "x25519" : null, null)), kind, resumption(done, n),
                    Marks.of(marks), 300, done == Kind.FULL ? 2000 : resumedBytes));
        }
        var interval = recorder.take(0, 10_000);
        var summary = new Summary();
        summary.add(interval);
        var facts = Facts.of(Facts.open(100, "constant", 10.0));
        // Ten seconds: a full handshake takes 5 ms of the server, a resumed one 1 ms; the client 2 and 1 ms.
        var server = (really.get(Kind.FULL) * 0.005 + really.get(Kind.RESUMED) * 0.001) * slower;
        var client = (really.get(Kind.FULL) * 0.002 + really.get(Kind.RESUMED) * 0.001) * slower;
        return new Trial(
                summary.result(Facts.with(facts, 10, false, client, null, new RunFacts.ServerCpu(1, server))),
                summary.latencyMicros(), interval, List.of());
    }

    private Resumption resumption(Kind done, int n) {
        if (kind == Kind.FULL) {
            return Resumption.NOT_OFFERED;
        }
        return done == Kind.RESUMED
                ? Resumption.ACCEPTED
                : n % 2 == 0 ? Resumption.NOT_OFFERED : Resumption.DECLINED;
    }

    /** Returns a study on a machine that becomes slower from block to block. */
    static CostResult measured(int groups, double drift, int fullOfTen) throws IOException {
        var study = new CostStudy();
        study.measure(groups, (kind, block, _) -> new CostBlock(kind, 1 + drift * block, fullOfTen).trial());
        return study.result("2026-01-01T00:00:00Z",
                List.of(new Probe(Map.of(Kind.FULL, 4, Kind.RESUMED, 3), "RSA CN=a")), 0.8);
    }
}
