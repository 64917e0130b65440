package dev.shakedown.bench;

import dev.shakedown.tls.crypto.CryptoProvider;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * RSA key exchange (RFC 5246, 7.4.7.1): the client makes a premaster secret and encrypts it with PKCS #1 v1.5 padding,
 * and the server decrypts it. The baselines do only the cipher's work; decryption, which is the server's, is only a
 * baseline.
 */
@BenchmarkMode(Mode.SampleTime)
public class PremasterBenchmark extends BenchmarkDefaults {
    @Param
    public CryptoProvider provider;
    @Param({"2048", "3072", "4096"})
    public int keyBits;

    private final SecureRandom random = new SecureRandom();
    private Primitives primitives;
    KeyPair pair;
    private Cipher encryption;
    Cipher decryption;
    private byte[] premaster;
    byte[] encrypted;

    @Setup
    public void setup() throws GeneralSecurityException {
        provider.install();
        primitives = new Primitives();
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(keyBits);
        pair = generator.generateKeyPair();
        encryption = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        decryption = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        premaster = PremasterSecret.forRsa(ProtocolVersion.TLS_1_2.id(), random).bytes();
        encrypted = baselineEncrypt();
        require(Arrays.equals(premaster, baselineDecrypt()), "RSA decryption");
        encrypted = encrypt();
        var decrypted = baselineDecrypt();
        require(decrypted.length == 48 && decrypted[0] == 3 && decrypted[1] == 3, "the premaster secret");
    }

    @Benchmark
    @Baseline("baselineEncrypt")
    public byte[] encrypt() throws GeneralSecurityException {
        return PremasterSecret.forRsa(ProtocolVersion.TLS_1_2.id(), random).encryptTo(pair.getPublic(), random,
                primitives);
    }

    @Benchmark
    public byte[] baselineEncrypt() throws GeneralSecurityException {
        encryption.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        return encryption.doFinal(premaster);
    }

    @Benchmark
    public byte[] baselineDecrypt() throws GeneralSecurityException {
        decryption.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        return decryption.doFinal(encrypted);
    }
}
