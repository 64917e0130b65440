package dev.shakedown.net.socket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Whether this process may enter a ring. A filter of system calls (seccomp(2)) may let it set one up and no more, which
 * Netty finds out only in its event loops.
 */
final class IoUringEntry {
    /** io_uring_enter(2) has this number everywhere. */
    private static final long ENTER = 426;
    /** What the kernel itself says to a ring that is none. */
    private static final int EBADF = 9;
    private static final Optional<IOException> REFUSAL = refusal(enterNoRing());

    private IoUringEntry() {}

    /** Why it may not; empty if it may. */
    static Optional<IOException> refusal() {
        return REFUSAL;
    }

    /** @param errno of an entry into no ring at all */
    static Optional<IOException> refusal(int errno) {
        return errno == EBADF
                ? Optional.empty()
                : Optional.of(new IOException("io_uring_enter is refused with error " + errno
                        + ", as a filter of system calls does"));
    }

    @SuppressWarnings("restricted")
    private static int enterNoRing() {
        var linker = Linker.nativeLinker();
        var state = Linker.Option.captureStateLayout();
        var syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
        try (var arena = Arena.ofConfined()) {
            MemorySegment after = arena.allocate(state);
            var _ = (long) syscall.invokeExact(after, ENTER, -1L, 0L, 0L, 0L, 0L, 0L);
            return (int) state.varHandle(PathElement.groupElement("errno")).get(after, 0L);
        } catch (Throwable e) { // as declared by the handle
            throw new IllegalStateException(e);
        }
    }
}
