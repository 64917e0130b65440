package dev.shakedown.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether this machine has ports enough for a plan, as far as that can be known before. */
public final class Ports {
    /** Where Linux tells. */
    public static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

    /** How long Linux keeps the port of a connection that it closed itself (TCP_TIMEWAIT_LEN). */
    private static final double TIME_WAIT_SECONDS = 60;
    /** The same where it may reuse it. */
    private static final double REUSED_SECONDS = 1;

    private Ports() {}

    /**
     * What is lacking and what to change, in one sentence; {@code null} if nothing is, or nobody knows.
     *
     * @param settings {@link #SETTINGS}, or what stands for it
     */
    public static String shortage(LoadPlan plan, Path settings) {
        long each;
        double waits;
        try {
            var range = Files.readString(settings.resolve("ip_local_port_range")).strip().split("\\s+");
            each = Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
            var reuse = Files.readString(settings.resolve("tcp_tw_reuse")).strip();
            var reused = reuse.equals("1") || reuse.equals("2") && plan.target().getAddress().isLoopbackAddress();
            waits = reused ? REUSED_SECONDS : TIME_WAIT_SECONDS;
        } catch (IOException | RuntimeException _) {
            return null;
        }
        var sources = Math.max(1, plan.sources().size());
        var ports = each * sources;
        var there = String.format(Locale.ROOT, "this machine has %,d for %d source address%s", ports, sources,
                sources == 1 ? "" : "es");
        if (!plan.openLoop()) {
            return plan.concurrency() <= ports
                    ? null
                    : String.format(Locale.ROOT,
                            "--concurrency %d needs as many ports, but %s; add --source-address with"
                                    + " more addresses, such as 127.0.1.0/24",
                            plan.concurrency(), there);
        }
        if (plan.close() == LoadPlan.Close.RST) {
            return null;
        }
        var rate = plan.schedule().phases().stream()
                .mapToDouble(phase -> Math.max(phase.fromPerSecond(), phase.toPerSecond())).max().orElseThrow();
        var seconds = plan.durationNanos() == Long.MAX_VALUE
                ? plan.count() / rate
                : (plan.durationNanos() + plan.warmupNanos()) / 1e9;
        var needed = rate * Math.min(waits, seconds);
        return needed <= ports
                ? null
                : String.format(Locale.ROOT,
                        "%,.0f a second with --close notify keep %,.0f ports waiting (TIME_WAIT, %.0f s),"
                                + " but %s; use --close rst, or add --source-address with more addresses, or stay below %,.0f a"
                                + " second",
                        rate, needed, waits, there, ports / waits);
    }
}
