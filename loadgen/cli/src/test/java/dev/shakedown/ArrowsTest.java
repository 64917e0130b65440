package dev.shakedown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Data and dependencies go one way: fails where a source file uses a package that its own may not use. */
class ArrowsTest {
    private static final String BASE = "dev.shakedown.";
    private static final Pattern USE = Pattern
            .compile(
                    "\\b((?:dev\\.shakedown|io\\.netty|org\\.HdrHistogram|com\\.fasterxml|picocli|org\\.bouncycastle|com\\.amazon"
                            + "|org\\.openjdk\\.jmh|org\\.apache|io\\.prometheus)[a-z0-9_.]*)\\.[A-Z]");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    /** What each package may use, beside itself and the JDK: our own without the base, others as they are. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("results", Set.of("org.HdrHistogram", "com.fasterxml", "org.apache.commons")), //
            Map.entry("experiment", Set.of("results", "com.fasterxml")),
            Map.entry("comparison",
                    Set.of("results", "com.fasterxml", "org.HdrHistogram")),
            // org.openjdk.jmh is what its forks run
            Map.entry("gate", Set.of("results", "com.fasterxml", "org.apache.commons", "org.openjdk.jmh")),
            // com.fasterxml for what other programs collect
            Map.entry("report", Set.of("results", "experiment", "comparison", "gate", "com.fasterxml")), //
            // org.HdrHistogram for curves, com.fasterxml for the data of charts
            Map.entry("report.html", Set.of("report", "results", "experiment", "com.fasterxml", "org.HdrHistogram")),
            Map.entry("tls.wire", Set.of("io.netty.buffer")),
            Map.entry("tls.crypto", Set.of("tls.wire", "io.netty.buffer", "com.amazon")),
            Map.entry("tls.client", Set.of("tls.wire", "tls.crypto", "io.netty.buffer")),
            Map.entry("net.socket", Set.of("io.netty")),
            Map.entry("net.prelude", Set.of()), //
            Map.entry("load.process", Set.of()),
            // results for the names of time marks
            Map.entry("conversation",
                    Set.of("net.socket", "net.prelude", "tls.client", "results", "io.netty.buffer")),
            // tls.wire for the names of what was agreed on
            Map.entry("load",
<<<<<<< /tmp/tmp07ygo23x/a
                    Set.of("net.socket", "net.prelude", "load.process", "tls.client", "tls.wire", "results",
                            "io.netty")),
            // net.socket for the choice of a transport, tls.wire for the names of suites; TlsServerCertificate makes and reads
=======
                    Set.of("conversation", "net.socket", "net.prelude", "load.process", "tls.client", "tls.wire",
                            "results", "io.netty")),
            // load.socket for the choice of a transport, tls.wire for the names of suites; TlsServerCertificate makes and reads
>>>>>>> /tmp/tmp07ygo23x/b
            // certificates with Netty's test kit and Bouncy Castle
            Map.entry("server", Set.of("net.socket", "tls.wire", "io.netty", "org.bouncycastle")),
            // net.socket for the names of what goes wrong with a socket, net.prelude for what comes before a handshake
            Map.entry("trace",
                    Set.of("conversation", "tls", "results", "net.socket", "net.prelude", "io.netty.buffer",
                            "com.fasterxml")),
            // bench is another process's, by name; com.fasterxml for plans, io.prometheus for whom that asks, org.HdrHistogram for what it is told
            Map.entry("cli",
                    Set.of("bench", "results", "experiment", "comparison", "gate", "report", "tls", "load", "server",
                            "trace",
                            "picocli",
                            "com.fasterxml", "io.prometheus", "org.HdrHistogram")),
            Map.entry("bench",
                    Set.of("results", "report", "gate", "tls", "load", "server", "io.netty", "org.openjdk.jmh",
                            "org.HdrHistogram", "picocli")));

    @Test
    void noArrowPointsTheWrongWay() throws IOException {
        var wrong = new ArrayList<String>();
        var seen = 0;
        for (var file : sources()) {
            var source = COMMENT.matcher(Files.readString(file)).replaceAll("");
            var own = packageOf(source);
            var allowed = MAY_USE.get(own);
            assertTrue(allowed != null, file + " is in package " + own + ", which has no place in the design");
            var uses = USE.matcher(source);
            while (uses.find()) {
                var used = uses.group(1);
                var name = used.startsWith(BASE) ? used.substring(BASE.length()) : used;
                seen++;
                if (!name.equals(own) && allowed.stream().noneMatch(each -> within(name, each))) {
                    wrong.add(file + " uses " + used);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen > 100, "the scan sees uses: " + seen);
    }

    @Test
    void tlsKnowsNothingOfChannelsThreadsOrClocks() throws IOException {
        var wrong = new ArrayList<String>();
        var forbidden = Pattern.compile("nanoTime|currentTimeMillis|java\\.time|Thread\\b|java\\.util\\.concurrent"
                + "|java\\.net\\.|java\\.nio\\.channels");
        for (var file : sources()) {
            var source = COMMENT.matcher(Files.readString(file)).replaceAll("");
            var found = forbidden.matcher(source);
            if (packageOf(source).startsWith("tls.") && found.find()) {
                wrong.add(file + " uses " + found.group());
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean within(String used, String allowed) {
        return used.equals(allowed) || used.startsWith(allowed + ".");
    }

    private static String packageOf(String source) {
        var declaration = Pattern.compile("package dev\\.shakedown\\.([a-z.]+);").matcher(source);
        assertTrue(declaration.find(), () -> "no package of ours: " + source.lines().limit(3).toList());
        return declaration.group(1);
    }

    private static List<Path> sources() throws IOException {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        var sources = new ArrayList<Path>();
        for (var top : List.of("results", "loadgen", "bench")) {
            try (var files = Files.walk(root.resolve(top))) {
                files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
