package dev.shakedown.gate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The process of one fork: the ruler, JMH with the other arguments, and the ruler again. Needs nothing but the JDK, since it
 * runs on the class path of whatever is measured.
 */
public final class ForkMain {
    private static final int LENGTH = 1 << 14;
    /** A tenth of a second, until when it is compiled. */
    private static final int WARMUPS = 30;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 4_000_000;

    private ForkMain() {}

    /** The ruler's figure, nanoseconds; takes about a tenth of a second. */
    public static double ruler() {
        try {
            return measure(MessageDigest.getInstance("SHA-256"), new byte[LENGTH], ROUNDS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param args the file for the ruler's figure, and JMH's arguments */
    public static void main(String[] args) throws Exception {
        var bytes = new byte[LENGTH];
        var digest = MessageDigest.getInstance("SHA-256");
        measure(digest, bytes, WARMUPS);
        var before = measure(digest, bytes, ROUNDS);
        Class.forName("org.openjdk.jmh.Main").getMethod("main", String[].class).invoke(null,
                (Object) Arrays.copyOfRange(args, 1, args.length));
        var after = measure(digest, bytes, ROUNDS);
        Files.writeString(Path.of(args[0]), String.valueOf((before + after) / 2));
    }

    /** @return nanoseconds of a digest, the median over rounds */
    private static double measure(MessageDigest digest, byte[] bytes, int rounds) {
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
