package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Checks before a load whether this machine has enough ports for it. */
public final class Ports {
    /** The directory of Linux's settings. */
    public static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

    /** How long Linux keeps the port of a connection that it closed itself (TCP_TIMEWAIT_LEN). */
    private static final double TIME_WAIT_SECONDS = 60;
    /** How long Linux keeps such a port if it may reuse it. */
    private static final double REUSED_SECONDS = 1;

    private Ports() {}

    /** Checks the plan on this machine; see {@link #shortage(LoadPlan, Path)}. */
    public static Optional<Advice> shortage(LoadPlan plan) {
        return shortage(plan, SETTINGS);
    }

    /**
     * Returns what is lacking and what to change, in one sentence; empty if nothing is lacking or that is unknown. A
     * port in TIME_WAIT for one server is free for another.
     *
     * @param settings {@link #SETTINGS}, or a directory in its place
     */
    public static Optional<Advice> shortage(LoadPlan plan, Path settings) {
        var targets = plan.targets();
        long each;
        double waits;
        try {
            var range = read(settings.resolve("ip_local_port_range")).split("\\s+");
            each = Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
            var reuse = read(settings.resolve("tcp_tw_reuse"));
            var loopback = targets.stream().allMatch(target -> target.isLoopback());
            waits = reuse.equals("1") || reuse.equals("2") && loopback ? REUSED_SECONDS : TIME_WAIT_SECONDS;
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
        var sources = Math.max(1, plan.sources().addresses().size());
        var servers = targets.stream().map(Target::socket).distinct().count();
        var ports = each * sources * servers;
        var available = String.format(Locale.ROOT, "this machine has %,d for %d source address%s%s", ports, sources,
                sources == 1 ? "" : "es", servers == 1 ? "" : " and " + servers + " servers");
        return switch (plan.pacing()) {
            case Pacing.ClosedLoop(var slots) -> slots <= ports
                    ? Optional.empty()
                    : Optional.of(Advice.of(
                            "%s needs as many ports, but " + available + "; add %s with more addresses, such as"
                                    + " 127.0.1.0/24",
                            Setting.CONCURRENCY.to(Integer.toString(slots)), Setting.SOURCE_ADDRESS));
            case Pacing.OpenLoop(var schedule, _, _) -> plan.close() == LoadPlan.Close.NOTIFY
                    ? shortage(mostWaiting(plan, schedule, waits), ports, waits, available)
                    : Optional.empty();
        };
    }

    private static Optional<Advice> shortage(double needed, long ports, double waits, String available) {
        return needed <= ports
                ? Optional.empty()
                : Optional.of(Advice.of(String.format(Locale.ROOT,
                        "%%s keeps up to %,.0f ports waiting (TIME_WAIT, %.0f s), but %s; use %%s,"
                                + " or add %%s with more addresses, or stay below %,.0f per second",
                        needed, waits, available, ports / waits), Setting.CLOSE.to("notify"), Setting.CLOSE.to("rst"),
                        Setting.SOURCE_ADDRESS));
    }

    /**
     * Reads a setting by lines, not as a string: that would read one byte first, and the kernel returns a setting in
     * one read only.
     */
    private static String read(Path setting) throws IOException {
        return Files.readAllLines(setting).getFirst().strip();
    }

    /** Returns the most connections that begin within one TIME_WAIT. */
    private static double mostWaiting(LoadPlan plan, Schedule planned, double seconds) {
        var schedule = planned.withWarmup(plan.warmupNanos());
        var duration = plan.end().nanos();
        var loadSeconds = duration.isPresent()
                ? (duration.getAsLong() + plan.warmupNanos()) / 1e9
                : Double.POSITIVE_INFINITY;
        var most = schedule.mostWithin(Math.round(1e9 * Math.min(seconds, loadSeconds)));
        if (plan.end().arrivals().isEmpty()) {
            return most;
        }
        var warmup = plan.warmupNanos() == 0 ? 0 : schedule.phases().getFirst().count();
        return Math.min(most, warmup + plan.end().arrivals().getAsLong());
    }
}
