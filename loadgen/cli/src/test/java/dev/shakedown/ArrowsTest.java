package dev.shakedown;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Dependencies go one way: what modules cannot say of the packages in them, and of what they take from elsewhere. */
class ArrowsTest {
    private static final String BASE = "dev.shakedown.";
    private static final List<String> JDK = List.of("java..", "javax..", "com.sun..", "org.jspecify..");

    private static final String JSON = "com.fasterxml..";
    private static final String STATISTICS = "org.apache.commons..";
    private static final String HISTOGRAMS = "org.HdrHistogram..";
    private static final String BYTES = "io.netty.[buffer|util]..";
    private static final String CHANNELS = "io.netty..";

    /** What a package may use, beside itself and the JDK: packages of ours without the base, and others. */
    private record Uses(List<String> ours, List<String> others) {
        private static Uses of(List<String> ours, String... others) {
            return new Uses(ours, List.of(others));
        }
    }

    private static final Map<String, Uses> MAY_USE = Map.ofEntries(
            Map.entry("results", Uses.of(List.of(), HISTOGRAMS, JSON, STATISTICS)),
            Map.entry("experiment", Uses.of(List.of("results"), JSON)),
            Map.entry("comparison", Uses.of(List.of("results"), JSON, HISTOGRAMS)),
            // JSON for what other programs collect
            Map.entry("report", Uses.of(List.of("results", "experiment", "comparison"), JSON)),
            // histograms for curves, JSON for the data of charts
            Map.entry("report.html",
                    Uses.of(List.of("report", "results", "experiment", "comparison"), JSON, HISTOGRAMS)),
            Map.entry("tls.wire", Uses.of(List.of(), BYTES)),
            Map.entry("tls.crypto", Uses.of(List.of("tls.wire"), BYTES, "com.amazon..", "software.amazon..")),
            Map.entry("tls.crypto.old", Uses.of(List.of("tls.wire", "tls.crypto"), BYTES)),
            Map.entry("tls.client", Uses.of(List.of("tls.wire", "tls.crypto", "tls.crypto.old"), BYTES)),
            Map.entry("net.socket", Uses.of(List.of("net"), CHANNELS)), //
            Map.entry("net.prelude", Uses.of(List.of())),
            Map.entry("net", Uses.of(List.of("results"))), //
            Map.entry("load.process", Uses.of(List.of())),
            // results for the names of time marks
            Map.entry("conversation",
                    Uses.of(List.of("net", "net.socket", "net.prelude", "tls.client", "tls.wire", "results"), BYTES)),
            // tls.wire for the names of what was agreed on
            Map.entry("load",
                    Uses.of(List.of("conversation", "net", "net.socket", "net.prelude", "load.process", "tls.client",
                            "tls.wire", "results"), CHANNELS)),
            // net.socket for the choice of a transport, tls.wire for the names of suites; TlsServerCertificate makes
            // and reads certificates with Netty's test kit and Bouncy Castle
            Map.entry("server",
                    Uses.of(List.of("net.socket", "tls.wire"), CHANNELS, "org.bouncycastle..")),
            // net.socket for the names of what goes wrong with a socket, net.prelude for what comes before a handshake
            Map.entry("trace",
                    Uses.of(List.of("conversation", "tls.wire", "tls.crypto", "tls.client", "results", "net",
                            "net.socket",
                            "net.prelude"),
                            BYTES, JSON)),
            // JMH is what its forks run
            Map.entry("gate",
                    Uses.of(List.of("results", "report", "comparison"), JSON, STATISTICS, "org.openjdk.jmh..")),
            Map.entry("bench",
                    Uses.of(List.of("results", "report", "report.html", "gate", "tls.wire", "tls.crypto",
                            "tls.crypto.old", "tls.client", "server"),
                            BYTES, HISTOGRAMS, JSON, "io.netty.handler.ssl..", "org.bouncycastle.jce..",
                            "org.openjdk.jmh..", "picocli..")),
            // JSON for plans, histograms for whoever asks a run that is under way
            Map.entry("run",
                    Uses.of(List.of("results", "experiment", "report", "tls.wire", "tls.crypto", "tls.client", "net",
                            "net.socket", "net.prelude", "conversation", "load", "load.process", "server", "trace",
                            "run.value"),
                            JSON,
                            HISTOGRAMS,
                            "io.prometheus..")),
            // JSON for values in plan files, text for how near two words are
            Map.entry("run.value", Uses.of(List.of("results", "tls.wire"), JSON, "org.apache.commons.text..")),
            // tls.client for what a client offers, beside the versions of tls.wire
            Map.entry("junit",
                    Uses.of(List.of("results", "experiment", "report", "report.html", "tls.wire", "tls.client", "net",
                            "load", "server", "run", "run.value"), "org.junit..", "org.opentest4j..")),
            Map.entry("cli.value",
                    Uses.of(List.of("results", "tls.wire", "net.socket", "load", "run", "run.value"), "picocli..")),
            Map.entry("cli",
                    Uses.of(List.of("results", "experiment", "comparison", "report", "report.html", "tls.wire",
                            "tls.crypto", "tls.client", "net", "net.socket", "net.prelude", "load", "load.process",
                            "server", "trace", "run", "run.value", "gate", "bench", "cli.value"), JSON, "picocli..",
                            "org.apache.commons.lang3..", "org.apache.commons.text..")));

    /** What takes an address and connects to none: what listens, what is said of addresses, and the guard itself. */
    private static final Set<String> CONNECT_TO_NONE = Set.of(
            // whose addresses the PROXY protocol tells the server
            "Prelude.opening", "ProxyHeader.of",
            // the source, beside a Target
            "TcpSocket$Opener.open",
            "HostPort.of", "HostPort.address", "Target.loopback", "Listener.at",
            // where to listen
            "MetricsEndpoint.<init>", "TlsServerOptions.<init>",
            // what has happened
            "Event$Connected.<init>");

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importPackages("dev.shakedown");

    @Test
    void everyPackageHasItsPlace() {
        assertEquals(new TreeSet<>(MAY_USE.keySet()), OURS.stream().map(JavaClass::getPackageName)
                .map(name -> name.substring(BASE.length())).collect(Collectors.toCollection(TreeSet::new)));
    }

    @TestFactory
    Stream<DynamicTest> noArrowPointsTheWrongWay() {
        return MAY_USE.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            var allowed = new ArrayList<>(JDK);
            allowed.addAll(entry.getValue().others);
            allowed.add(BASE + entry.getKey());
            entry.getValue().ours.forEach(each -> allowed.add(BASE + each));
            classes().that().resideInAPackage(BASE + entry.getKey()).should()
                    .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new))).check(OURS);
        }));
    }

    @Test
    void noPackagesGoInACircle() {
        slices().matching(BASE + "(**)").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void tlsKnowsNothingOfChannelsThreadsOrClocks() {
        var tls = noClasses().that().resideInAPackage(BASE + "tls..").should();
        tls.dependOnClassesThat(resideInAnyPackage("java.util.concurrent..", "java.time..", "java.net..",
                "java.nio.channels..")).check(OURS);
        tls.dependOnClassesThat().areAssignableTo(Thread.class).check(OURS);
        tls.callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "currentTimeMillis").check(OURS);
    }

    /**
     * Whoever adds a public method that takes an address says above why it connects to none: a load's takes a Target.
     */
    @Test
    void nothingTakesAnAddressToConnectTo() {
        var taking = OURS.stream().filter(ArrowsTest::isPublic).flatMap(each -> each.getCodeUnits().stream())
                .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC)
                        && each.getRawParameterTypes().stream()
                                .anyMatch(type -> type.isAssignableTo(SocketAddress.class)
                                        || type.isEquivalentTo(InetAddress.class)))
                .map(each -> each.getOwner().getName().replaceFirst(".*\\.", "") + "." + each.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(CONNECT_TO_NONE), taking);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArrowsTest::isPublic).orElse(true);
    }

    /** So that one reads a handshake from its beginning to its end. */
    @Test
    void noFilesOfTheClientGoInACircle() {
        slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().equals(BASE + "tls.client")
                        ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "files of the client";
            }
        }).should().beFreeOfCycles().check(OURS);
    }

    /** It throws what is unchecked when reading fails after opening, as where a process ends while it is looked at. */
    @Test
    void filesAreNotReadAsStreamsOfLines() {
        noClasses().should().callMethod(Files.class, "lines", Path.class)
                .orShould().callMethod(Files.class, "lines", Path.class, Charset.class).check(OURS);
    }
}
