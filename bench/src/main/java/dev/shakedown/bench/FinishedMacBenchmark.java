package dev.shakedown.bench;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The MAC in Finished, which every handshake makes once and verifies once: in TLS 1.2 (RFC 5246, 7.4.9) and TLS 1.3
 * (RFC 8446, 4.4.4). The baselines make only its HMAC calls.
 */
public class FinishedMacBenchmark extends BenchmarkDefaults {
    private static final byte[] LABEL = "client finished".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LABEL_13 = "tls13 finished".getBytes(StandardCharsets.US_ASCII);

    @Param({"SHA_256", "SHA_384"})
    public Hash hash;

    private final Primitives primitives = new Primitives();
    private MasterSecret master;
    private TrafficSecret traffic;
    private byte[] transcriptHash;
    private byte[] verifyData;
    private byte[] verifyData13;
    private byte[] info;
    Mac mac;

    @Setup
    public void setup() throws GeneralSecurityException {
        var random = new SplittableRandom();
        var secret = new byte[MasterSecret.LENGTH];
        random.nextBytes(secret);
        master = new MasterSecret(secret);
        traffic = new TrafficSecret(hash, Arrays.copyOf(secret, hash.length()));
        transcriptHash = new byte[hash.length()];
        random.nextBytes(transcriptHash);
        mac = Mac.getInstance(hash.macName());
        info = new byte[2 + 1 + LABEL_13.length + 1 + 1];
        info[1] = (byte) hash.length();
        info[2] = (byte) LABEL_13.length;
        System.arraycopy(LABEL_13, 0, info, 3, LABEL_13.length);
        info[info.length - 1] = 1;
        verifyData = make();
        verifyData13 = make13();
        var altered = verifyData.clone();
        altered[altered.length - 1] ^= 1;
        require(Arrays.equals(verifyData, baseline()) && verify(), "the Finished MAC of TLS 1.2");
        require(!FinishedMac.CLIENT.verify(primitives, Dialect.tls12(hash), master, transcriptHash, altered),
                "its verification");
        altered = verifyData13.clone();
        altered[0] ^= 1;
        require(Arrays.equals(verifyData13, baseline13()) && verify13(), "the Finished MAC of TLS 1.3");
        require(!traffic.verifies(primitives, transcriptHash, altered), "its verification");
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
    @Baseline("baseline")
    public byte[] make() {
        return FinishedMac.CLIENT.make(primitives, Dialect.tls12(hash), master, transcriptHash);
    }

    @Benchmark
    @Baseline("baseline")
    public boolean verify() {
        return FinishedMac.CLIENT.verify(primitives, Dialect.tls12(hash), master, transcriptHash, verifyData);
    }

    /** HMAC(HMAC(secret, "finished"), hash), its key included. */
    @Benchmark
    public byte[] baseline13() throws GeneralSecurityException {
        mac.init(new SecretKeySpec(traffic.bytes(), hash.macName()));
        mac.init(new SecretKeySpec(mac.doFinal(info), hash.macName()));
        return mac.doFinal(transcriptHash);
    }

    @Benchmark
    @Baseline("baseline13")
    public byte[] make13() {
        return traffic.finished(primitives, transcriptHash);
    }

    @Benchmark
    @Baseline("baseline13")
    public boolean verify13() {
        return traffic.verifies(primitives, transcriptHash, verifyData13);
    }
}
