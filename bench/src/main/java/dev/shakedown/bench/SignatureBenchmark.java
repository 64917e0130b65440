package dev.shakedown.bench;

import dev.shakedown.tls.crypto.CryptoProvider;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.SignatureScheme;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Verifies a server's signature: in ServerKeyExchange (PKCS #1 v1.5 and ECDSA) or CertificateVerify (RSA-PSS, ECDSA,
 * Ed25519), with RSA keys of 2,048 bits. The baseline does the same with an object made beforehand.
 */
@BenchmarkMode(Mode.SampleTime)
public class SignatureBenchmark extends BenchmarkDefaults {
    @Param
    public CryptoProvider provider;
    @Param({"RSA_PKCS1_SHA256", "RSA_PSS_RSAE_SHA256", "ECDSA_SECP256R1_SHA256", "ECDSA_SECP384R1_SHA384", "ED25519"})
    public SignatureScheme scheme;

    KeyPair pair;
    byte[] content;
    byte[] signature;
    private Signature verifier;

    @Setup
    public void setup() throws GeneralSecurityException, Fault {
        provider.install();
        pair = pair();
        content = HandshakeSignature.content(HandshakeSignature.SERVER_CONTEXT, new byte[32]);
        verifier = algorithm();
        var signer = algorithm();
        signer.initSign(pair.getPrivate());
        signer.update(content);
        signature = signer.sign();
        require(verify() && baseline(), "verifying a signature");
        content[0] ^= 1;
        var refused = false;
        try {
            verify();
        } catch (Fault _) {
            refused = true;
        }
        require(refused && !baseline(), "refusing a signature");
        content[0] ^= 1;
    }

    private KeyPair pair() throws GeneralSecurityException {
        switch (scheme) {
            case ED25519 -> {
                return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            }
            case ECDSA_SECP256R1_SHA256, ECDSA_SECP384R1_SHA384 -> {
                var generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec(
                        scheme == SignatureScheme.ECDSA_SECP256R1_SHA256 ? "secp256r1" : "secp384r1"));
                return generator.generateKeyPair();
            }
            default -> {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return generator.generateKeyPair();
            }
        }
    }

    private Signature algorithm() throws GeneralSecurityException {
        return switch (scheme) {
            case ED25519 -> Signature.getInstance("Ed25519");
            case ECDSA_SECP256R1_SHA256 -> Signature.getInstance("SHA256withECDSA");
            case ECDSA_SECP384R1_SHA384 -> Signature.getInstance("SHA384withECDSA");
            case RSA_PSS_RSAE_SHA256 -> {
                var pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                yield pss;
            }
            default -> Signature.getInstance("SHA256withRSA");
        };
    }

    @Benchmark
    @Baseline("baseline")
    public boolean verify() throws Fault {
        HandshakeSignature.verify(scheme, pair.getPublic(), signature, content);
        return true;
    }

    @Benchmark
    public boolean baseline() throws GeneralSecurityException {
        verifier.initVerify(pair.getPublic());
        verifier.update(content);
        return verifier.verify(signature);
    }
}
