package dev.shakedown.run;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Pacing.ClosedLoop;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Checks beforehand whether this process may open as many files as a load needs. */
public final class Descriptors {
    /** File descriptors that are needed besides those of handshakes under way and event loops. */
    private static final long SPARE = 100;
    /** File descriptors that an event loop of the most demanding transport opens. */
    private static final long PER_LOOP = 4;

    private Descriptors() {}

    /**
     * Returns what is lacking and what to change, as a sentence without its subject; empty if nothing is lacking or
     * the limit is unknown.
     */
    public static Optional<String> shortage(LoadPlan plan) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Optional.empty();
        }
        var slots = plan.pacing() instanceof ClosedLoop closed ? closed.slots() : 0;
        var needed = SPARE + slots + PER_LOOP * plan.threads() + system.getOpenFileDescriptorCount();
        return needed <= system.getMaxFileDescriptorCount()
                ? Optional.empty()
                : Optional.of("needs about " + needed + " file descriptors, but this process may open "
                        + system.getMaxFileDescriptorCount() + "; raise the limit with 'ulimit -n " + needed + "'");
    }
}
