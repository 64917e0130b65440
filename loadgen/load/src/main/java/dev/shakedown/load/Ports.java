package dev.shakedown.load;

import dev.shakedown.net.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

/** Whether this machine has ports enough for a plan, as far as that can be known before. */
public final class Ports {
    /** Where Linux tells. */
    public static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

    /** How long Linux keeps the port of a connection that it closed itself (TCP_TIMEWAIT_LEN). */
    private static final double TIME_WAIT_SECONDS = 60;
    /** The same where it may reuse it. */
    private static final double REUSED_SECONDS = 1;

    private Ports() {}

    /** Of a plan with one server; see {@link #shortage(LoadPlan, Collection, Path)}. */
    public static String shortage(LoadPlan plan) {
        return shortage(plan, Set.of(plan.target()), SETTINGS);
    }

    /**
     * What is lacking and what to change, in one sentence; {@code null} if nothing is, or nobody knows.
     *
     * @param targets  the servers that take turns: a port that waits for one is free for another
     * @param settings {@link #SETTINGS}, or what stands for it
     */
    public static String shortage(LoadPlan plan, Collection<Target> targets, Path settings) {
        long each;
        double waits;
        try {
            var range = read(settings.resolve("ip_local_port_range")).split("\\s+");
            each = Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
            var reuse = read(settings.resolve("tcp_tw_reuse"));
            var loopback = targets.stream().allMatch(target -> target.isLoopback());
            waits = reuse.equals("1") || reuse.equals("2") && loopback ? REUSED_SECONDS : TIME_WAIT_SECONDS;
        } catch (IOException | RuntimeException _) {
            return null;
        }
        var sources = Math.max(1, plan.sources().size());
        var servers = targets.stream().map(Target::socket).distinct().count();
        var ports = each * sources * servers;
        var there = String.format(Locale.ROOT, "this machine has %,d for %d source address%s%s", ports, sources,
                sources == 1 ? "" : "es", servers == 1 ? "" : " and " + servers + " servers");
        if (!plan.openLoop()) {
            return plan.concurrency() <= ports
                    ? null
                    : String.format(Locale.ROOT,
                            "--concurrency %d needs as many ports, but %s; add --source-address with"
                                    + " more addresses, such as 127.0.1.0/24",
                            plan.concurrency(), there);
        }
        if (plan.close() != LoadPlan.Close.NOTIFY) {
            return null;
        }
        var needed = mostWaiting(plan, waits);
        return needed <= ports
                ? null
                : String.format(Locale.ROOT,
                        "--close notify keeps up to %,.0f ports waiting (TIME_WAIT, %.0f s), but %s; use --close rst,"
                                + " or add --source-address with more addresses, or stay below %,.0f a second",
                        needed, waits, there, ports / waits);
    }

    /** Not as a string: that asks for one byte at first, and the kernel gives no more of a setting than it was asked for. */
    private static String read(Path setting) throws IOException {
        return Files.readAllLines(setting).getFirst().strip();
    }

    /** The most connections that begin within one TIME_WAIT. */
    private static double mostWaiting(LoadPlan plan, double seconds) {
        var schedule = plan.schedule().withWarmup(plan.warmupNanos());
        var whole = plan.durationNanos() == Long.MAX_VALUE
                ? Double.POSITIVE_INFINITY
                : (plan.durationNanos() + plan.warmupNanos()) / 1e9;
        var most = schedule.mostWithin(Math.round(1e9 * Math.min(seconds, whole)));
        if (plan.count() == Long.MAX_VALUE) {
            return most;
        }
        var warmup = plan.warmupNanos() == 0 ? 0 : schedule.phases().getFirst().count();
        return Math.min(most, warmup + plan.count());
    }
}
