package dev.shakedown.report;

import dev.shakedown.results.HostPort;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.RunSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What was loaded and how, in a few words. */
final class SetupWords {
    static final String EMBEDDED = "embedded target, shares this machine with the client";

    private static final int LONGEST = 60;

    private SetupWords() {}

    /** Returns the target, and what both sides negotiated. */
    static List<String> loaded(RunSetup.Target target, List<NegotiatedRow> agreed) {
        var pieces = new ArrayList<String>();
        pieces.add(address(target));
        if (target.embedded()) {
            pieces.add(EMBEDDED);
        }
        pieces.add(several(agreed.stream().map(row -> row.version().replaceFirst("^TLS ?v?", "TLS "))));
        pieces.add(several(agreed.stream().map(NegotiatedRow::cipherSuite)));
        pieces.add(several(agreed.stream().map(NegotiatedRow::group).filter(Objects::nonNull)));
        return pieces.stream().filter(piece -> !piece.isEmpty()).toList();
    }

    /** Returns the target's address in its canonical form (RFC 5952); in parentheses after a name. */
    private static String address(RunSetup.Target target) {
        if (target.address() == null) {
            return target.hostAndPort();
        }
        return HostPort.isLiteral(target.host())
                ? HostPort.of(target.address(), target.port())
                : target.hostAndPort() + " (" + target.address() + ")";
    }

    /** Returns the first, and how many distinct others there are; empty if there is none. */
    static String several(Stream<String> all) {
        var distinct = all.distinct().toList();
        return distinct.isEmpty()
                ? ""
                : distinct.getFirst() + (distinct.size() == 1 ? "" : " and " + (distinct.size() - 1) + " more");
    }

    /** Returns what a server says about itself, cut to 60 characters and without control characters. */
    static String printable(String words) {
        var plain = words.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST - 1) + "…";
    }

    /** Describes the planned load: {@code open loop 1,000/s, 80 % resumed, 10 s}. */
    static String asked(RunSetup.Shape shape) {
        var pace = shape.ratePerSecond() == null
                ? "closed loop, " + shape.concurrency() + " at a time"
                : "open loop " + Units.plain(shape.ratePerSecond()) + "/s"
                        + (shape.arrivals() == null || shape.arrivals().equals("constant")
                                ? ""
                                : " " + shape.arrivals());
        var mix = shape.mix();
        var kinds = mix.resumed() == 0
                ? "full only"
                : Units.share(mix.resumed(), mix.full() + mix.resumed()).replace(".0 %", " %") + " resumed";
        var end = shape.durationSeconds() != null
                ? ", " + Units.plain(shape.durationSeconds()) + " s"
                : shape.count() != null ? ", " + Units.count(shape.count(), "handshake") : "";
        return pace + ", " + kinds + end;
    }
}
