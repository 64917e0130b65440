package dev.shakedown.bench;

import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite;
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
 * The key derivation of TLS 1.2 (RFC 5246, 8.1 and 6.3; RFC 7627, 4): premaster secret to master secret to key block. The
 * baseline makes the HMAC calls of {@link #masterAndKeyBlock} and puts nothing together.
 */
public class KeyDerivationBenchmark extends Layer {
    private static final byte[] MASTER = "master secret".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXPANSION = "key expansion".getBytes(StandardCharsets.US_ASCII);

    @Param({"SHA_256", "SHA_384"})
    public Hash hash;

    private final Primitives primitives = new Primitives();
    private final byte[] clientRandom = new byte[32];
    private final byte[] serverRandom = new byte[32];
    private CipherSuite suite;
    private PremasterSecret premaster;
    private MasterSecret master;
    private byte[] sessionHash;
    private Mac mac;

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
        mac = Mac.getInstance(hash.macName());
        master = master();
        var raw = baseline();
        require(Arrays.equals(Arrays.copyOf(raw[0], MasterSecret.LENGTH), master.bytes()), "the master secret");
        require(Arrays.equals(Arrays.copyOf(raw[1], suite.bulk().keyLength()), keyBlock().client().key()),
                "the key block");
        require(!Arrays.equals(extendedMaster().bytes(), master.bytes()), "the extended master secret");
    }

    @Benchmark
    public MasterSecret master() {
        return MasterSecret.derive(primitives, hash, premaster, clientRandom, serverRandom);
    }

    @Benchmark
    public MasterSecret extendedMaster() {
        return MasterSecret.deriveExtended(primitives, hash, premaster, sessionHash);
    }

    @Benchmark
    public KeyBlock keyBlock() {
        return master.expand(primitives, suite, clientRandom, serverRandom);
    }

    @Benchmark
    @Against("baseline")
    public KeyBlock masterAndKeyBlock() {
        return master().expand(primitives, suite, clientRandom, serverRandom);
    }

    @Benchmark
    public byte[][] baseline() throws GeneralSecurityException {
        var derived = expand(premaster.bytes(), MASTER, clientRandom, serverRandom, MasterSecret.LENGTH);
        var block = expand(Arrays.copyOf(derived, MasterSecret.LENGTH), EXPANSION, serverRandom, clientRandom,
                2 * (suite.bulk().keyLength() + suite.bulk().ivLength()));
        return new byte[][]{derived, block};
    }

    /** P_hash (RFC 5246, 5), whole blocks. */
    private byte[] expand(byte[] secret, byte[] label, byte[] seed, byte[] moreSeed, int length)
            throws GeneralSecurityException {
        mac.init(new SecretKeySpec(secret, hash.macName()));
        seed(label, seed, moreSeed);
        var a = mac.doFinal();
        var out = new byte[(length + a.length - 1) / a.length * a.length];
        for (var at = 0; at < out.length; at += a.length) {
            if (at > 0) {
                a = mac.doFinal(a);
            }
            mac.update(a);
            seed(label, seed, moreSeed);
            mac.doFinal(out, at);
        }
        return out;
    }

    private void seed(byte[] label, byte[] seed, byte[] moreSeed) {
        mac.update(label);
        mac.update(seed);
        mac.update(moreSeed);
    }
}
