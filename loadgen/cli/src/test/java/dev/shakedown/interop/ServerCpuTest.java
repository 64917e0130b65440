package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.process.CpuReading;
import dev.shakedown.load.process.CpuUse;
import dev.shakedown.load.process.ServerCpu;
import dev.shakedown.report.TextReport;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen of the CPU time that a process uses, in each of the ways in which servers do. */
@Tag("truth")
@EnabledOnOs(OS.LINUX)
class ServerCpuTest {
    private static final Executable GCC = new Executable("gcc", "gcc and libc6-dev");
    /** What a process uses beyond what it was told to: to read a line, to fork, to write one; seconds. */
    private static final double BESIDE = 0.03;
    private static final double TICK = 0.01;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        for (var name : List.of("forking", "relay")) {
            var source = directory.resolve(name + ".c");
            try (var text = ServerCpuTest.class.getResourceAsStream(name + ".c")) {
                Files.copy(text, source);
            }
            var gcc = new ProcessBuilder(GCC.require(), "-O1", "-pthread", "-o", directory.resolve(name).toString(),
                    source.toString()).redirectErrorStream(true).start();
            var said = new String(gcc.getInputStream().readAllBytes());
            assertEquals(0, gcc.waitFor(), said);
        }
    }

    /** It does what it is told, and is watched. */
    private static final class Forking implements AutoCloseable {
        private final Process process;
        private final ServerCpu cpu;

        Forking(String treatsChildren) throws IOException {
            process = new ProcessBuilder(directory.resolve("forking").toString(), treatsChildren).start();
            assertEquals("ready", process.inputReader().readLine());
            cpu = new ServerCpu(process.pid());
        }

        /** Seconds that it says it used for that. */
        double does(String... commands) throws IOException {
            var nanos = 0L;
            for (var command : commands) {
                process.outputWriter().write(command + "\n");
                process.outputWriter().flush();
                nanos += Long.parseLong(process.inputReader().readLine());
            }
            return nanos / 1e9;
        }

        Seen use(String... commands) throws IOException {
            var before = cpu.read();
            var seconds = does(commands);
            return new Seen(seconds, cpu.read().since(before));
        }

        @Override
        public void close() {
            Executable.end(process);
        }
    }

    /** @param seconds that the process says it used */
    private record Seen(double seconds, CpuUse use) {
        void assertExact() {
            assertWithin(0, BESIDE);
            assertEquals(0, use.stepSeconds());
            assertEquals(0, use.forgotten());
        }

        void assertWithin(double less, double more) {
            assertTrue(seconds >= 0 && use.seconds() >= Math.max(0, seconds - less)
                    && use.seconds() <= seconds + more, this::toString);
        }
    }

    private static String[] times(int count, String command) {
        return Collections.nCopies(count, command).toArray(String[]::new);
    }

    @Test
    void aProcessIsReadToTheNanosecond() throws IOException {
        try (var process = new Forking("wait")) {
            process.use("burn 3").assertExact();
            process.use("burn 200").assertExact();
        }
    }

    /** It never leaves the processor by itself. */
    @Test
    void aProcessThatRunsIsReadAsExactly() throws IOException {
        try (var process = new Forking("wait")) {
            process.process.outputWriter().write("burn 600000\n");
            process.process.outputWriter().flush();
            var first = process.cpu.read();
            for (var before = first; process.cpu.read().since(first).seconds() < 0.1;) {
                var now = process.cpu.read();
                var use = now.since(before);
                assertTrue(use.seconds() >= 0 && use.stepSeconds() == 0, use::toString);
                before = now;
            }
        }
    }

    @Test
    void threadsThatHaveEndedCount() throws IOException {
        try (var process = new Forking("wait")) {
            process.use(times(10, "thread 10")).assertExact();
        }
    }

    @Test
    void childrenThatLiveAreReadAsExactly() throws IOException {
        try (var process = new Forking("wait")) {
            process.use("hold 100").assertExact();
        }
    }

    @Test
    void childrenThatWereWaitedForCountInTicks() throws IOException {
        try (var process = new Forking("wait")) {
            var seen = process.use(times(10, "child 20"));
            seen.assertWithin(2 * TICK, 2 * TICK + BESIDE);
            assertEquals(TICK, seen.use.stepSeconds());
            assertEquals(0, seen.use.forgotten());
        }
    }

    /** What it used before is then its parent's, to a tick. */
    @Test
    void aChildThatEndsBetweenTwoReadingsCountsOnce() throws IOException {
        try (var process = new Forking("wait")) {
            process.does("hold 109");
            var seen = process.use("release 0");
            seen.assertWithin(0, 2 * TICK + BESIDE);
            assertEquals(TICK, seen.use.stepSeconds());
            assertEquals(0, seen.use.forgotten());
        }
    }

    @Test
    void whoIsAdoptedByOthersStaysOneOfTheServers() throws IOException {
        try (var process = new Forking("wait")) {
            process.does("adopt 100");
            process.cpu.look();
            process.does("leave 0");
            var seen = process.use("work 0");
            assertTrue(seen.seconds >= 0.1, seen::toString);
            seen.assertWithin(0, BESIDE);
        }
    }

    @Test
    void aServerThatIgnoresItsChildrenIsFound() throws IOException {
        try (var process = new Forking("ignore")) {
            var seen = process.use(times(20, "child 5"));
            assertTrue(seen.use.forgotten() >= 20, seen::toString);
            assertTrue(seen.use.seconds() < seen.seconds, seen::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ignore", "forget"})
    void aChildThatVanishesIsFound(String how) throws IOException {
        try (var process = new Forking(how)) {
            process.does("hold 50");
            var before = process.cpu.read();
            // What it had used is gone with it, and is not taken off what others use.
            process.does("release 0", "hold 0");
            process.cpu.look();
            process.does("release 0");
            var use = process.cpu.read().since(before);
            assertTrue(use.forgotten() >= 1, use::toString);
            assertTrue(use.seconds() > 0 && use.seconds() <= BESIDE, use::toString);
        }
    }

    /** That it could ignore them is nothing against a server that has none. */
    @Test
    void aServerThatIgnoresChildrenAndHasNoneIsLeftInPeace() throws IOException {
        try (var process = new Forking("ignore")) {
            var seen = process.use(times(60, "burn 2"));
            seen.assertWithin(0, BESIDE);
            // What others begin meanwhile may look like its own, but not like one for each that it served.
            assertTrue(seen.use.forgotten() < 30, seen::toString);
        }
    }

    /**
     * A process for each connection, in front of a server of TLS: where they are waited for, and where they are not.
     */
    @ParameterizedTest
    @ValueSource(strings = {"wait", "ignore", "forget"})
    void theCostOfAServerThatForgetsItsChildrenIsWithheld(String treatsChildren) throws Exception {
        try (var server = TlsServer.start(TlsServerOptions.defaults())) {
            var relay = new ProcessBuilder(directory.resolve("relay").toString(), treatsChildren,
                    Integer.toString(server.address().getPort())).start();
            try {
                var port = Integer.parseInt(relay.inputReader().readLine());
                // Some connections are under way whenever somebody looks.
                var run = LoadRun.against(port,
                        "--concurrency 8 --duration 1s --mix full=1 --close notify --server-pid "
                                + relay.pid());
                assertEquals(0, run.exitCode(), run::err);
                var because = run.result().server().withheldBecause();
                if (treatsChildren.equals("wait")) {
                    // Not much is used in so short a time, and that is read in ticks.
                    assertTrue(because == null || because.startsWith("too little server CPU"), because);
                } else {
                    assertEquals("the server starts a process for each connection and lets the kernel forget it, so"
                            + " its children's time is missing", because);
                    var text = TextReport.of(run.result()).replaceAll("\\s+", " ");
                    assertTrue(text.contains("server: CPU per handshake -, cores busy -, pid " + relay.pid()
                            + "; withheld: " + because + "."), text);
                }
            } finally {
                Executable.end(relay);
            }
        }
    }

    @Test
    void aProcessThatHasEndedSaysNothing() throws IOException, InterruptedException {
        CpuReading before;
        ServerCpu cpu;
        try (var process = new Forking("wait")) {
            cpu = process.cpu;
            assertTrue(ServerCpu.canWatch(process.process.pid()));
            before = cpu.read();
            process.does("burn 10");
            process.process.outputWriter().close();
            process.process.waitFor();
            assertFalse(ServerCpu.canWatch(process.process.pid()));
        }
        assertTrue(cpu.read().since(before).ended());
        assertTrue(cpu.read().since(cpu.read()).ended());
    }

    @Test
    void whatWatchingCostsIsKnown() throws IOException {
        try (var process = new Forking("wait")) {
            process.cpu.look();
            var once = process.cpu.costNanos();
            process.cpu.read();
            assertTrue(once > 0 && process.cpu.costNanos() > once, List.of(once, process.cpu.costNanos())::toString);
        }
    }
}
