package dev.shakedown.tls.client;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates under the root of {@link TestIdentity} that its own builder cannot create. */
final class Issued {
    private Issued() {}

    /**
     * Returns a certificate in DER, issued by the root.
     *
     * @param subject as in {@code CN=a}, or empty
     * @param names   DNS names in a subjectAltName that is not critical; none for no such extension
     */
    static byte[] certificate(String subject, PublicKey key, String... names) {
        try {
            var now = Instant.now();
            var builder = new X509v3CertificateBuilder(
                    new X509CertificateHolder(TestIdentity.root()).getSubject(),
                    BigInteger.TEN, Date.from(now.minus(1, ChronoUnit.DAYS)), Date.from(now.plus(9, ChronoUnit.DAYS)),
                    new X500Name(subject), SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(Arrays.stream(names)
                        .map(name -> new GeneralName(GeneralName.dNSName, name)).toArray(GeneralName[]::new)));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(TestIdentity.rootKey()))
                    .getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param algorithm Java's name for it, or the name of a curve */
    static KeyPair keyPair(String algorithm) {
        try {
            var curve = algorithm.startsWith("secp");
            var generator = KeyPairGenerator.getInstance(curve ? "EC" : algorithm);
            if (curve) {
                generator.initialize(new ECGenParameterSpec(algorithm));
            } else if (algorithm.startsWith("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
