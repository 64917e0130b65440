package dev.shakedown.gate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/**
 * The process of one fork: the ruler, JMH with the other arguments, and the ruler again. Needs nothing but the JDK, since it
 * runs on the class path of whatever is measured.
 *
 * <p>The ruler digests on every processor at once, so that it shows a machine that is slower, and one of which somebody else
 * has a part: a benchmark has one thread, but its compiler has others.
 */
public final class ForkMain {
    private static final int LENGTH = 1 << 14;
    /** A tenth of a second, until when it is compiled. */
    private static final int WARMUPS = 24;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 4_000_000;

    private ForkMain() {}

    /** The ruler's figure, nanoseconds; takes about a twentieth of a second. */
    public static double ruler() {
        return ruler(ROUNDS);
    }

    /** @param args the file for the ruler's figure, and JMH's arguments */
    public static void main(String[] args) throws Exception {
        ruler(WARMUPS);
        var before = ruler();
        Class.forName("org.openjdk.jmh.Main").getMethod("main", String[].class).invoke(null,
                (Object) Arrays.copyOfRange(args, 1, args.length));
        var after = ruler();
        Files.writeString(Path.of(args[0]), String.valueOf((before + after) / 2));
    }

    /** @return nanoseconds of a digest, the mean over all processors of each one's median over rounds */
    private static double ruler(int rounds) {
        var figures = new double[Runtime.getRuntime().availableProcessors()];
        var together = new CyclicBarrier(figures.length);
        var threads = new Thread[figures.length];
        for (var i = 0; i < threads.length; i++) {
            var number = i;
            threads[i] = Thread.ofPlatform().daemon().start(() -> {
                try {
                    together.await();
                    figures[number] = measure(rounds);
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
        return Arrays.stream(figures).average().orElseThrow();
    }

    private static double measure(int rounds) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
        return figures[rounds / 2];
    }
}
