package dev.shakedown.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * The limits for every input, however hostile: no exception, at most a second of CPU time, at most 16 MB of garbage.
 */
public final class Bounds {
    /** The maximum length of an input, in bytes; longer inputs are truncated. */
    public static final int MOST_BYTES = 1 << 16;

    private static final long MOST_NANOS = 1_000_000_000;
    private static final long MOST_ALLOCATED = 16 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounds() {}

    /** What to do with an input. */
    public interface Case {
        /** Handles every exception that the tested code's contract allows. */
        void take(byte[] input) throws Exception;
    }

    /**
     * Runs the case on the calling thread.
     *
     * @throws AssertionError if it takes too much time or memory twice: the first run may load classes and generate
     *                        keys
     */
    public static void check(byte[] input, Case what) throws Exception {
        var cut = input.length > MOST_BYTES ? Arrays.copyOf(input, MOST_BYTES) : input;
        if (!excess(cut, what).isEmpty()) {
            var again = excess(cut, what);
            if (!again.isEmpty()) {
                throw new AssertionError(again + " for an input of " + cut.length + " bytes");
            }
        }
    }

    /** Returns which limit the input exceeded; empty if none. */
    private static String excess(byte[] input, Case what) throws Exception {
        var copy = input.clone();
        var bytes = THREADS.getCurrentThreadAllocatedBytes();
        var nanos = THREADS.getCurrentThreadCpuTime();
        what.take(copy);
        var taken = THREADS.getCurrentThreadCpuTime() - nanos;
        var allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        return allocated > MOST_ALLOCATED
                ? allocated + " bytes were allocated"
                : taken > MOST_NANOS ? taken / 1_000_000 + " ms of CPU time were taken" : "";
    }

    /** Returns {@code input} repeated up to {@link #MOST_BYTES}, since excessive cost shows with long input. */
    public static byte[] repeated(byte[] input) {
        var whole = Arrays.copyOf(input, MOST_BYTES);
        for (var at = input.length; at < whole.length && input.length > 0; at += input.length) {
            System.arraycopy(input, 0, whole, at, Math.min(input.length, whole.length - at));
        }
        return whole;
    }

    /** Returns the bytes from {@code at} on; none if the input is shorter. */
    public static byte[] from(byte[] input, int at) {
        return Arrays.copyOfRange(input, Math.min(at, input.length), input.length);
    }

    /** Returns the unsigned byte at {@code at}; 0 if the input is shorter. */
    public static int at(byte[] input, int at) {
        return at < input.length ? input[at] & 0xff : 0;
    }
}
