package dev.shakedown.gate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.DoubleStream;

/**
 * A measure of the machine's state: digests by pure JDK code.
 *
 * @param nanos time of a digest on one processor, in the {@linkplain #quickest fastest tenth} of rounds; changes if the
 *              machine becomes faster or slower
 * @param crowd the median round divided by the lower quartile, measured on every processor at once, since a benchmark
 *              has one thread but its compiler has others; changes if another process uses a processor
 */
public record Ruler(double nanos, double crowd) {
    private static final int LENGTH = 1 << 14;
    /** Rounds, 50 ms in all, after which the digest is compiled. */
    private static final int WARMUPS = 24;
    private static final int ROUNDS = 18;
    private static final long ROUND_NANOS = 2_000_000;
    private static final int QUARTER = 4;
    private static final int HALF = 2;
    private static final int TENTH = 10;
    private static final List<Double> BETWEEN = new ArrayList<>();

    /** Measures; takes about a tenth of a second. */
    public static Ruler measure() {
        return new Ruler(quickest(DoubleStream.generate(Ruler::round).limit(ROUNDS).toArray()), measureCrowd());
    }

    /** Until it is compiled. */
    static void warmUp() {
        everywhere(WARMUPS);
    }

    static double measureCrowd() {
        var rounds = everywhere(ROUNDS);
        return mean(rounds, ROUNDS / HALF) / mean(rounds, ROUNDS / QUARTER);
    }

    /** Measures a round between two iterations of a benchmark, so that both see the same machine. */
    public static void between() {
        BETWEEN.add(round());
    }

    /** Returns the time of a digest in all these rounds so far, nanoseconds. */
    static double quickestBetween() {
        return quickest(BETWEEN.stream().mapToDouble(each -> each).toArray());
    }

    /** Returns the mean of the rulers before and after a measurement. */
    public static Ruler mean(Ruler before, Ruler after) {
        return new Ruler((before.nanos + after.nanos) / 2, (before.crowd + after.crowd) / 2);
    }

    /**
     * Returns the 10th percentile. A busy machine makes code slower now and then but never faster, so these differ less
     * between neighbouring forks than medians.
     */
    public static double quickest(double[] figures) {
        var sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / TENTH];
    }

    /** Returns the time of a digest, nanoseconds. */
    private static double round() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var bytes = new byte[LENGTH];
            var begun = System.nanoTime();
            var count = 0;
            long now;
            do {
                bytes[0] = digest.digest(bytes)[0];
                count++;
                now = System.nanoTime();
            } while (now - begun < ROUND_NANOS);
            return (double) (now - begun) / count;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double mean(double[][] rounds, int index) {
        return Arrays.stream(rounds).mapToDouble(each -> each[index]).average().orElseThrow();
    }

    /** Returns the sorted rounds of each processor, measured at the same time. */
    private static double[][] everywhere(int count) {
        var rounds = new double[Runtime.getRuntime().availableProcessors()][];
        var together = new CyclicBarrier(rounds.length);
        var threads = new Thread[rounds.length];
        for (var i = 0; i < threads.length; i++) {
            var number = i;
            threads[i] = Thread.ofPlatform().daemon().start(() -> {
                try {
                    together.await();
                    rounds[number] = DoubleStream.generate(Ruler::round).limit(count).sorted().toArray();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return rounds;
    }
}
