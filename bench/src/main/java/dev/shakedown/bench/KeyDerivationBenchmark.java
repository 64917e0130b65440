package dev.shakedown.bench;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The key derivation of TLS 1.2 (RFC 5246, 8.1 and 6.3; RFC 7627, 4): premaster secret to master secret to key block.
 * The baseline makes the HMAC calls of {@link #masterAndKeyBlock} without assembling their results.
 */
public class KeyDerivationBenchmark extends BenchmarkDefaults {
    private static final byte[] MASTER = RawPrf.label("master secret");
    private static final byte[] EXPANSION = RawPrf.label("key expansion");

    @Param({"SHA_256", "SHA_384"})
    public Hash hash;

    private final Primitives primitives = new Primitives();
    final byte[] clientRandom = new byte[32];
    final byte[] serverRandom = new byte[32];
    CipherSuite suite;
    PremasterSecret premaster;
    MasterSecret master;
    byte[] sessionHash;
    RawPrf raw;

    @Setup
    public void setup() throws GeneralSecurityException {
        suite = hash == Hash.SHA_256
                ? CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                : CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384;
        var random = new SplittableRandom();
        var secret = new byte[32];
        random.nextBytes(secret);
        random.nextBytes(clientRandom);
        random.nextBytes(serverRandom);
        premaster = new PremasterSecret(secret);
        sessionHash = new byte[hash.length()];
        raw = new RawPrf(hash);
        master = master();
        var expected = baseline();
        require(Arrays.equals(Arrays.copyOf(expected[0], MasterSecret.LENGTH), master.bytes()), "the master secret");
        require(Arrays.equals(Arrays.copyOf(expected[1], suite.bulk().keyLength()), keyBlock().client().key()),
                "the key block");
        require(!Arrays.equals(extendedMaster().bytes(), master.bytes()), "the extended master secret");
    }

    @Benchmark
    public MasterSecret master() {
        return MasterSecret.derive(primitives, Dialect.tls12(hash), premaster, clientRandom, serverRandom);
    }

    @Benchmark
    public MasterSecret extendedMaster() {
        return MasterSecret.deriveExtended(primitives, Dialect.tls12(hash), premaster, sessionHash);
    }

    @Benchmark
    public KeyBlock keyBlock() {
        return master.expand(primitives, suite, clientRandom, serverRandom);
    }

    @Benchmark
    @Baseline("baseline")
    public KeyBlock masterAndKeyBlock() {
        return master().expand(primitives, suite, clientRandom, serverRandom);
    }

    @Benchmark
    public byte[][] baseline() throws GeneralSecurityException {
        var derived = raw.expand(premaster.bytes(), MasterSecret.LENGTH, MASTER, clientRandom, serverRandom);
        var block = raw.expand(Arrays.copyOf(derived, MasterSecret.LENGTH),
                2 * (suite.bulk().keyLength() + suite.bulk().ivLength()), EXPANSION, serverRandom, clientRandom);
        return new byte[][]{derived, block};
    }
}
