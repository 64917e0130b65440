package dev.shakedown.bench;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.old.Dialects;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Key derivation and Finished MAC of TLS 1.0 and 1.1, where MD5 and SHA-1 each expand one half of the secret (RFC 4346,
 * 5). The baselines make the HMAC calls and combine them.
 */
public class OldPrfBenchmark extends BenchmarkDefaults {
    private static final CipherSuite SUITE = CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA;
    private static final Dialect DIALECT = Dialects.of(ProtocolVersion.TLS_1_1, SUITE);
    private static final byte[] MASTER = RawPrf.label("master secret");
    private static final byte[] EXPANSION = RawPrf.label("key expansion");
    private static final byte[] FINISHED = RawPrf.label("client finished");
    private static final int KEY_BLOCK = 2 * (20 + 16);

    private final Primitives primitives = new Primitives();
    private final byte[] clientRandom = new byte[32];
    private final byte[] serverRandom = new byte[32];
    private final byte[] transcriptHash = new byte[36];
    private final byte[] premaster = new byte[48];
    private MasterSecret master;
    private byte[] verifyData;
    RawPrf md5;
    RawPrf sha1;

    @Setup
    public void setup() throws GeneralSecurityException {
        var random = new SplittableRandom();
        for (var bytes : new byte[][]{clientRandom, serverRandom, transcriptHash, premaster}) {
            random.nextBytes(bytes);
        }
        md5 = new RawPrf(Hash.MD5);
        sha1 = new RawPrf(Hash.SHA_1);
        master = derived();
        verifyData = finishedMac();
        check();
    }

    /** Ours against the baselines. */
    void check() throws GeneralSecurityException {
        var expected = baseline();
        var keys = masterAndKeyBlock();
        require(Arrays.equals(expected[0], master.bytes()), "the master secret");
        require(Arrays.equals(Arrays.copyOf(expected[1], 20), keys.client().mac())
                && Arrays.equals(Arrays.copyOfRange(expected[1], 56, 72), keys.server().key()), "the key block");
        require(Arrays.equals(baselineFinished(), finishedMac()) && verifyFinished(), "the Finished MAC");
    }

    private MasterSecret derived() {
        return MasterSecret.derive(primitives, DIALECT, new PremasterSecret(premaster), clientRandom,
                serverRandom);
    }

    @Benchmark
    @Baseline("baseline")
    public KeyBlock masterAndKeyBlock() {
        return derived().expand(primitives, DIALECT, SUITE, clientRandom, serverRandom);
    }

    @Benchmark
    public byte[][] baseline() throws GeneralSecurityException {
        var derived = expand(premaster, MasterSecret.LENGTH, MASTER, clientRandom, serverRandom);
        return new byte[][]{derived, expand(derived, KEY_BLOCK, EXPANSION, serverRandom, clientRandom)};
    }

    @Benchmark
    @Baseline("baselineFinished")
    public byte[] finishedMac() {
        return FinishedMac.CLIENT.make(primitives, DIALECT, master, transcriptHash);
    }

    @Benchmark
    @Baseline("baselineFinished")
    public boolean verifyFinished() {
        return FinishedMac.CLIENT.verify(primitives, DIALECT, master, transcriptHash, verifyData);
    }

    @Benchmark
    public byte[] baselineFinished() throws GeneralSecurityException {
        return expand(master.bytes(), FinishedMac.LENGTH, FINISHED, transcriptHash);
    }

    private byte[] expand(byte[] secret, int length, byte[]... labelAndSeeds) throws GeneralSecurityException {
        var half = secret.length / 2;
        var out = Arrays.copyOf(md5.expand(Arrays.copyOf(secret, half), length, labelAndSeeds), length);
        var other = sha1.expand(Arrays.copyOfRange(secret, half, secret.length), length, labelAndSeeds);
        for (var i = 0; i < length; i++) {
            out[i] ^= other[i];
        }
        return out;
    }
}
