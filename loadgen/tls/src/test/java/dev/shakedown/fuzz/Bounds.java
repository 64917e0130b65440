package dev.shakedown.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What holds for every input, however hostile: no exception, at most a second of CPU time, at most 16 MB of garbage.
 */
public final class Bounds {
    /** The longest input, bytes; of longer ones the rest is left out. */
    public static final int MOST_BYTES = 1 << 16;

    private static final long MOST_NANOS = 1_000_000_000;
    private static final long MOST_ALLOCATED = 16 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounds() {}

    /** What is done with an input. */
    public interface Case {
        /** Throws nothing that the contract of what is tested allows. */
        void take(byte[] input) throws Exception;
    }

    /**
     * Does it, on the calling thread.
     *
     * @throws AssertionError when it takes too much time or memory, and does so again: the first time may load classes
     *                        and make keys
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

    /** What it took too much of; empty for nothing. */
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

    /** {@code input} again and again, up to {@link #MOST_BYTES}: what costs too much shows when there is much of it. */
    public static byte[] repeated(byte[] input) {
        var whole = Arrays.copyOf(input, MOST_BYTES);
        for (var at = input.length; at < whole.length && input.length > 0; at += input.length) {
            System.arraycopy(input, 0, whole, at, Math.min(input.length, whole.length - at));
        }
        return whole;
    }

    /** The bytes from there on; none if it has not so many. */
    public static byte[] from(byte[] input, int at) {
        return Arrays.copyOfRange(input, Math.min(at, input.length), input.length);
    }

    /** The byte there, unsigned; 0 if it has not so many. */
    public static int at(byte[] input, int at) {
        return at < input.length ? input[at] & 0xff : 0;
    }
}
