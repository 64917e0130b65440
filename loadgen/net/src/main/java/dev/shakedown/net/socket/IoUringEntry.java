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
 * Checks whether this process may enter an io_uring. A system call filter (seccomp(2)) may allow setting up a ring but
 * not entering it, which Netty only finds out in its event loops.
 */
final class IoUringEntry {
    /** The number of io_uring_enter(2), the same on every architecture. */
    private static final long IO_URING_ENTER = 426;
    /** The kernel's own error for an invalid ring. */
    private static final int EBADF = 9;
    private static final Optional<IOException> REFUSAL = refusal(enterNoRing());

    private IoUringEntry() {}

    /** Returns why it may not; empty if it may. */
    static Optional<IOException> refusal() {
        return REFUSAL;
    }

    /** @param errno the error of entering an invalid ring */
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
            var _ = (long) syscall.invokeExact(after, IO_URING_ENTER, -1L, 0L, 0L, 0L, 0L, 0L);
            return (int) state.varHandle(PathElement.groupElement("errno")).get(after, 0L);
        } catch (Throwable e) { // as declared by the handle
            throw new IllegalStateException(e);
        }
    }
}
