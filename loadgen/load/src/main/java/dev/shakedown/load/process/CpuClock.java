package dev.shakedown.load.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The CPU clock of a whole process (clock_getcpuclockid(3)), which any process may read on Linux. Unlike {@code
 * /proc/PID/task}, it includes threads that have ended.
 */
final class CpuClock {
    /** CPUCLOCK_SCHED of linux/posix-timers.h: the scheduler's count, in nanoseconds. */
    private static final int SCHEDULED = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Optional<MethodHandle> GETTIME = gettime();

    private CpuClock() {}

    /**
     * Returns the CPU time of all threads of the process, user and system, in nanoseconds; empty if there is no such
     * process or clock.
     */
    static OptionalLong nanos(long pid) {
        if (GETTIME.isEmpty()) {
            return OptionalLong.empty();
        }
        try (var arena = Arena.ofConfined()) {
            // struct timespec, where a long has 64 bits
            var time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            var answer = (int) GETTIME.get().invokeExact((int) (~pid << 3 | SCHEDULED), time);
            return answer == 0
                    ? OptionalLong.of(time.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
                            + time.getAtIndex(ValueLayout.JAVA_LONG, 1))
                    : OptionalLong.empty();
        } catch (Throwable e) {
            throw new AssertionError("clock_gettime(2) throws nothing", e);
        }
    }

    /** Returns a handle of clock_gettime(2); empty if native access is denied, or the system has no such clocks. */
    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> gettime() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return Optional.empty();
        }
        try {
            var linker = Linker.nativeLinker();
            return Optional.of(linker.downcallHandle(linker.defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)));
        } catch (RuntimeException | LinkageError _) {
            return Optional.empty();
        }
    }
}
