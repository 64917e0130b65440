package dev.shakedown.gate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.ToDoubleFunction;

/**
 * What watches the machine: digests by pure JDK code, on every processor at once, for a benchmark has one thread, but its
 * compiler has others.
 *
 * @param nanos of a digest, in the quickest quarter of rounds: moves if the machine becomes quicker or slower
 * @param crowd how many times as long a round takes in the middle: moves if somebody else uses a processor
 */
public record Ruler(double nanos, double crowd) {
    private static final int LENGTH = 1 << 14;
    /** A twentieth of a second, until when it is compiled. */
    private static final int WARMUPS = 24;
    private static final int ROUNDS = 18;
    private static final long ROUND_NANOS = 2_000_000;
    private static final int QUARTER = 4;
    private static final int HALF = 2;

    /** Measures; takes about a twentieth of a second. */
    public static Ruler measure() {
        var rounds = rounds(ROUNDS);
        var nanos = mean(rounds, each -> each[ROUNDS / QUARTER]);
        return new Ruler(nanos, mean(rounds, each -> each[ROUNDS / HALF]) / nanos);
    }

    /** Until it is compiled. */
    static void warmUp() {
        rounds(WARMUPS);
    }

    /** Of what was measured before something and after it. */
    public static Ruler mean(Ruler before, Ruler after) {
        return new Ruler((before.nanos + after.nanos) / 2, (before.crowd + after.crowd) / 2);
    }

    private static double mean(double[][] rounds, ToDoubleFunction<double[]> figure) {
        return Arrays.stream(rounds).mapToDouble(figure).average().orElseThrow();
    }

    /** @return nanoseconds of a digest, of each processor's rounds, sorted */
    private static double[][] rounds(int count) {
        var rounds = new double[Runtime.getRuntime().availableProcessors()][];
        var together = new CyclicBarrier(rounds.length);
        var threads = new Thread[rounds.length];
        for (var i = 0; i < threads.length; i++) {
            var number = i;
            threads[i] = Thread.ofPlatform().daemon().start(() -> {
                try {
                    together.await();
                    rounds[number] = digest(count);
                } catch (InterruptedException | BrokenBarrierException | NoSuchAlgorithmException e) {
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

    private static double[] digest(int rounds) throws NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        var bytes = new byte[LENGTH];
        var figures = new double[rounds];
        for (var round = 0; round < rounds; round++) {
            var begun = System.nanoTime();
            var count = 0;
            long now;
            do {
                bytes[0] = digest.digest(bytes)[0];
                count++;
                now = System.nanoTime();
            } while (now - begun < ROUND_NANOS);
            figures[round] = (double) (now - begun) / count;
        }
        Arrays.sort(figures);
        return figures;
    }
}
