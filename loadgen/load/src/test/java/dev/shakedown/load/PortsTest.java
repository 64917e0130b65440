package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.End.AfterEither;
import dev.shakedown.load.End.AfterTime;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.load.LoadPlan.Sources;
import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.load.Schedule.Shape;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.net.Target;
import dev.shakedown.results.Advice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known about ports before a run, on a machine with 10,000. */
class PortsTest {
    private static final long SECOND = 1_000_000_000;

    private static final String NOTHING = "";

    @TempDir
    private Path settings;

    @BeforeEach
    void settings() throws IOException {
        Files.writeString(settings.resolve("ip_local_port_range"), "20001\t30000\n");
        Files.writeString(settings.resolve("tcp_tw_reuse"), "0\n");
    }

    @Test
    void connectionsThatCloseThemselvesWaitForAMinute() throws IOException {
        assertEquals(NOTHING, shortage(0, 160, Close.NOTIFY, 1, 100), "9,600");
        assertEquals(
                "close notify keeps up to 12,000 ports waiting (TIME_WAIT, 60 s), but this machine has 10,000 for"
                        + " 1 source address; use close rst, or add source address with more addresses, or stay"
                        + " below 167 per second",
                shortage(0, 200, Close.NOTIFY, 1, 100));
        assertEquals(NOTHING, shortage(0, 200, Close.NOTIFY, 1, 40), "8,000 in all");
        assertEquals(NOTHING, shortage(0, 200, Close.NOTIFY, 2, 100));
        assertEquals(NOTHING, shortage(0, 200_000, Close.RST, 1, 100));
        Files.writeString(settings.resolve("tcp_tw_reuse"), "2\n");
        assertEquals(NOTHING, shortage(0, 9_000, Close.NOTIFY, 1, 100), "reused on loopback after a second");
        assertTrue(shortage(0, 11_000, Close.NOTIFY, 1, 100).contains("TIME_WAIT, 1 s"));
    }

    @Test
    void manyAtOnceNeedAsManyPorts() {
        assertEquals(NOTHING, shortage(10_000, 0, Close.RST, 1, 10));
        assertTrue(shortage(10_001, 0, Close.RST, 1, 10).startsWith("concurrency 10001 needs as many ports, but"));
        assertEquals(NOTHING, shortage(10_001, 0, Close.RST, 2, 10));
    }

    @Test
    void whatComesTogetherCountsAndNotTheHighestRate() {
        assertEquals(NOTHING, shortage(plan(ramp(300, 0, 180), 0), 1), "from 144 to 180 in its last minute");
        assertTrue(shortage(plan(ramp(300, 0, 200), 0), 1).startsWith("close notify keeps up to 10,"));
        assertEquals(NOTHING, shortage(plan(ramp(20, 0, 900), 0), 1));
        assertEquals(NOTHING, shortage(plan(steps(10, 30, 900, 30), 0), 1), "9,600");
        assertTrue(shortage(plan(steps(10, 200, 900, 200), 0), 1).contains("up to 13,000"));
        assertEquals(NOTHING,
                shortage(plan(new Schedule(Shape.CONSTANT, List.of(new Phase("b", 60 * SECOND, 80, 80, 4800))), 0), 1));
        assertEquals(NOTHING,
                shortage(plan(new Schedule(Shape.CONSTANT, List.of(new Phase("b", 61 * SECOND, 80, 80, 4800))), 0), 1),
                "the second burst comes when the first one's ports are free");
        assertEquals(NOTHING, shortage(plan(Schedule.constant(Shape.POISSON, 1000), 9_000), 1), "a count ends it");
        assertTrue(shortage(plan(Schedule.constant(Shape.POISSON, 1000), 11_000), 1).contains("up to 11,000"));
    }

    @Test
    void eachServerHasThePortsForItself() {
        var plan = plan(Schedule.constant(Shape.CONSTANT, 1000), 25_000);
        assertTrue(shortage(plan, 2).contains("this machine has 20,000 for 1 source address and 2 servers"));
        assertEquals(NOTHING, shortage(plan, 3));
    }

    private static Schedule ramp(int seconds, double from, double to) {
        return new Schedule(Shape.CONSTANT, List.of(new Phase("ramp", seconds * SECOND, from, to, 1)));
    }

    private static Schedule steps(int seconds, double... rates) {
        return new Schedule(Shape.CONSTANT, DoubleStream.of(rates)
                .mapToObj(rate -> new Phase("step", seconds * SECOND, rate, rate, 1)).toList());
    }

    private static LoadPlan plan(Schedule schedule, long count) {
        var duration = schedule.durationNanos();
        var time = new AfterTime(duration);
        var end = duration == Schedule.ENDLESS
                ? new AfterCount(count)
                : count == 0 ? time : new AfterEither(new AfterCount(count), time);
        return plan(new Pacing.OpenLoop(schedule), end).close(Close.NOTIFY).build();
    }

    private static LoadPlan.Builder plan(Pacing pacing, End end) {
        return LoadPlan.of(destinations(1)).pacing(pacing).end(end).warmupNanos(0).threads(1).transport(Transport.NIO);
    }

    private static List<Destination> destinations(int servers) {
        return IntStream.rangeClosed(1, servers).mapToObj(
                port -> new Destination(Target.loopback(new InetSocketAddress("127.0.0.1", port)), null, port - 1))
                .toList();
    }

    private String shortage(LoadPlan plan, int servers) {
        return Ports.shortage(plan.toBuilder().destinations(destinations(servers)).build(), settings)
                .map(Advice::toString).orElse(NOTHING);
    }

    @Test
    void whereNobodyTellsNothingIsSaid() throws IOException {
        Files.delete(settings.resolve("ip_local_port_range"));
        assertEquals(NOTHING, shortage(1_000_000, 0, Close.RST, 1, 10));
    }

    private String shortage(int concurrency, double rate, Close close, int sources, long seconds) {
        var pacing = rate == 0
                ? new Pacing.ClosedLoop(concurrency)
                : new Pacing.OpenLoop(Schedule.constant(Shape.CONSTANT, rate));
        var plan = plan(pacing, new AfterTime(seconds * SECOND)).close(close)
                .sources(new Sources(Collections.nCopies(sources, InetAddress.getLoopbackAddress())));
        return shortage(plan.build(), 1);
    }
}
