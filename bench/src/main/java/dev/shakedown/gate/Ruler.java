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
 * What watches the machine: digests by pure JDK code.
 *
 * @param nanos of a digest on one processor, in the {@linkplain #quickest quickest tenth} of rounds: moves if the
 *              machine becomes quicker or slower
 * @param crowd how many times as long the middle one of rounds takes as the quicker ones, on every processor at once,
 *              for a benchmark has one thread, but its compiler has others: moves if somebody else uses a processor
 */
public record Ruler(double nanos, double crowd) {
    private static final int LENGTH = 1 << 14;
    /** A twentieth of a second, until when it is compiled. */
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

    /** A round between two iterations of a benchmark, so that both find the same machine. */
    public static void between() {
        BETWEEN.add(round());
    }

    /** Of all these rounds so far, nanoseconds of a digest. */
    static double quickestBetween() {
        return quickest(BETWEEN.stream().mapToDouble(each -> each).toArray());
    }

    /** Of what was measured before something and after it. */
    public static Ruler mean(Ruler before, Ruler after) {
        return new Ruler((before.nanos + after.nanos) / 2, (before.crowd + after.crowd) / 2);
    }

    /**
     * What a tenth of figures are below. A busy machine makes code slower now and then, and never quicker: of
     * neighbouring forks' tenths the one is closer to the other than medians are.
     */
    public static double quickest(double[] figures) {
        var sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / TENTH];
    }

    /** @return nanoseconds of a digest */
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

    /** @return of each processor's rounds, sorted */
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
