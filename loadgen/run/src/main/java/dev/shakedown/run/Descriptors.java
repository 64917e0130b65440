package dev.shakedown.run;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Pacing.ClosedLoop;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Whether this process may open as many files as a load needs, as far as that can be known before. */
public final class Descriptors {
    /** What is needed besides one for each handshake under way and those of event loops. */
    private static final long SPARE = 100;
    /** What the most demanding transport opens for an event loop. */
    private static final long PER_LOOP = 4;

    private Descriptors() {}

    /**
     * What is lacking and what to change, as a sentence that lacks its subject; empty if nothing is, or nobody knows.
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
