package dev.shakedown.bench;

import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The MAC in Finished of TLS 1.2 (RFC 5246, 7.4.9), which every handshake makes once and verifies once; the baseline
 * makes only the HMAC calls that it consists of.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FinishedMacBenchmark {
    private static final byte[] LABEL = "client finished".getBytes(StandardCharsets.US_ASCII);

    @Param({"SHA_256", "SHA_384"})
    public Hash hash;

    private final Primitives primitives = new Primitives();
    private MasterSecret master;
    private byte[] transcriptHash;
    private byte[] verifyData;
    private Mac mac;

    @Setup
    public void setup() throws GeneralSecurityException {
        var random = new SplittableRandom();
        var secret = new byte[MasterSecret.LENGTH];
        random.nextBytes(secret);
        master = new MasterSecret(secret);
        transcriptHash = new byte[hash.length()];
        random.nextBytes(transcriptHash);
        mac = Mac.getInstance(hash.macName());
        verifyData = make();
        var altered = verifyData.clone();
        altered[altered.length - 1] ^= 1;
        if (!Arrays.equals(verifyData, baseline()) || !verify()
                || FinishedMac.CLIENT.verify(primitives, hash, master, transcriptHash, altered)) {
            throw new IllegalStateException("the Finished MAC under test is wrong");
        }
    }

    /** HMAC(secret, HMAC(secret, label + seed) + label + seed), cut to 12 bytes. */
    @Benchmark
    public byte[] baseline() throws GeneralSecurityException {
        mac.init(new SecretKeySpec(master.bytes(), hash.macName()));
        mac.update(LABEL);
        mac.update(transcriptHash);
        var a = mac.doFinal();
        mac.update(a);
        mac.update(LABEL);
        mac.update(transcriptHash);
        return Arrays.copyOf(mac.doFinal(), FinishedMac.LENGTH);
    }

    @Benchmark
    public byte[] make() {
        return FinishedMac.CLIENT.make(primitives, hash, master, transcriptHash);
    }

    @Benchmark
    public boolean verify() {
        return FinishedMac.CLIENT.verify(primitives, hash, master, transcriptHash, verifyData);
    }
}
