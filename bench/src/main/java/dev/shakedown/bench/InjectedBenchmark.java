package dev.shakedown.bench;

import com.sun.management.ThreadMXBean;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Crypto paths that can be made slower, or made to allocate more, by a known share, to test the regression gate. The
 * system property {@code shakedown.inject} says how: {@code twice:0.05} does five operations of a hundred twice, {@code
 * spin:0.05} spins for a twentieth of their time, {@code allocate:0.02} allocates a fiftieth more than they do.
 */
public class InjectedBenchmark extends BenchmarkDefaults {
    private static final int BATCH = 100;

    /** The crypto path. */
    public enum Path {
        MAKE_FINISHED,
        VERIFY_FINISHED,
        MAKE_FINISHED_13,
        MAKE_FINISHED_384,
        MASTER_SECRET,
        KEY_BLOCK,
        EARLY_SECRET,
        TRAFFIC_KEYS;

        private Callable<Object> open() throws Exception {
            switch (this) {
                case MAKE_FINISHED, VERIFY_FINISHED, MAKE_FINISHED_13, MAKE_FINISHED_384 -> {
                    var mac = new FinishedMacBenchmark();
                    mac.hash = this == MAKE_FINISHED_384 ? Hash.SHA_384 : Hash.SHA_256;
                    mac.setup();
                    return this == VERIFY_FINISHED ? mac::verify : this == MAKE_FINISHED_13 ? mac::make13 : mac::make;
                }
                case MASTER_SECRET, KEY_BLOCK -> {
                    var derivation = new KeyDerivationBenchmark();
                    derivation.hash = Hash.SHA_256;
                    derivation.setup();
                    return this == MASTER_SECRET ? derivation::master : derivation::keyBlock;
                }
                default -> {
                    var schedule = new KeyScheduleBenchmark();
                    schedule.hash = Hash.SHA_256;
                    schedule.setup();
                    return this == EARLY_SECRET ? schedule::early : schedule::trafficKeys;
                }
            }
        }
    }

    private enum Injection {
        NONE, TWICE, SPIN, ALLOCATE
    }

    @Param
    public Path path;

    private Callable<Object> operation;
    private Injection injection;
    private double share;
    private int bytes;

    @Setup
    public void setup() throws Exception {
        operation = path.open();
        var asked = System.getProperty("shakedown.inject", "none:0").split(":");
        injection = Injection.valueOf(asked[0].toUpperCase(Locale.ROOT));
        share = Double.parseDouble(asked[1]);
        if (injection == Injection.ALLOCATE) {
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            batch();
            var before = threads.getCurrentThreadAllocatedBytes();
            batch();
            bytes = (int) Math.round(share * (threads.getCurrentThreadAllocatedBytes() - before));
        }
    }

    /** A hundred operations. */
    @Benchmark
    public int batch() throws Exception {
        var begun = System.nanoTime();
        var sum = 0;
        for (var i = 0; i < BATCH; i++) {
            sum += operation.call().hashCode();
        }
        switch (injection) {
            case NONE -> {
                // as it is
            }
            case TWICE -> {
                for (var i = 0; i < BATCH * share; i++) {
                    sum += operation.call().hashCode();
                }
            }
            case SPIN -> {
                var now = System.nanoTime();
                var until = now + (long) (share * (now - begun));
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
            case ALLOCATE -> sum += System.identityHashCode(new byte[bytes]);
        }
        return sum;
    }
}
