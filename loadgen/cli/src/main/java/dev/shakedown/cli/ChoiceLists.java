package dev.shakedown.cli;

import dev.shakedown.run.value.Names;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.SignatureScheme;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The values to choose from, one per line, each with the name that options use first. */
enum ChoiceLists {
    CIPHERS {
        @Override
        Stream<String> lines() {
            return Arrays.stream(CipherSuite.values()).map(suite -> line(Names.of(suite), suite.isTls13()
                    ? "TLS 1.3"
                    : suite.isUsual() ? "" : "only if asked for"));
        }
    },
    GROUPS {
        @Override
        Stream<String> lines() {
            return Arrays.stream(NamedGroup.values()).map(group -> line(Names.of(group),
                    group == NamedGroup.X25519MLKEM768 ? "TLS 1.3, only if asked for" : ""));
        }
    },
    SIGNATURES {
        @Override
        Stream<String> lines() {
            return Arrays.stream(SignatureScheme.values()).map(scheme -> line(List.of(scheme.label()),
                    scheme.isTls13() ? "" : "up to TLS 1.2"));
        }
    },
    OBJECTIVES {
        @Override
        Stream<String> lines() {
            return Stream.of("p50<TIME, p90, p95, p99, p99.9              of all latencies, from the planned start",
                    "mean<TIME, max<TIME                         of the same latencies",
                    "failures<SHARE%                             share of arrivals that did not complete",
                    "TIME is a time such as 500us, 20ms or 1s; <= works as well.",
                    "Put commas between several terms: p99<20ms,failures<0.1%");
        }
    };

    private static final int COLUMN = 46;

    abstract Stream<String> lines();

    String text() {
        return lines().collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(List<String> names, String note) {
        var first = names.size() == 1 && note.isEmpty()
                ? names.getFirst()
                : ("%-" + COLUMN + "s").formatted(names.getFirst()) + String.join(", ", names.subList(1, names.size()));
        return (first + (note.isEmpty() ? "" : (names.size() == 1 ? "" : "  ") + "(" + note + ")")).stripTrailing();
    }
}
