package dev.shakedown.interop;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.OptionalInt;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * What a peer identifies itself with: a leaf under an intermediate under a root, all three of one key type, made at
 * first use and kept for the life of the JVM. Root and intermediate share the key type of the leaf, so that a client
 * that takes only RSA (or only ECDSA) signatures can still verify the chain.
 */
enum ServerCertificate {
    RSA_2048(CertificateBuilder.Algorithm.rsa2048),
    ECDSA_P256(CertificateBuilder.Algorithm.ecp256),
    ECDSA_P384(CertificateBuilder.Algorithm.ecp384),
    /** Goes with the suites of TLS 1.2 that are named for ECDSA (RFC 8422, 5.3). */
    ED25519(CertificateBuilder.Algorithm.ed25519);

    private final CertificateBuilder.Algorithm algorithm;
    private X509Bundle leaf;

    ServerCertificate(CertificateBuilder.Algorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** The leaf, then the intermediate, PEM; the root is not in it. */
    String chainPem() {
        return bundle().getCertificatePathPEM();
    }

    /** The intermediate alone, PEM. */
    String intermediatePem() {
        return chainPem().substring(bundle().getCertificatePEM().length());
    }

    /**
     * The leaf's private key, PKCS #8 PEM, not encrypted. An EC key has its public half in it: GnuTLS 3.7 does not read
     * one without, which is what the JDK writes, so the key pair is made by Bouncy Castle.
     */
    String keyPem() {
        return bundle().getPrivateKeyPEM();
    }

    /** The root: what a verifying client is told to trust. */
    String caPem() {
        return bundle().getRootCertificatePEM();
    }

    /** Chain and key under this name and password, as PKCS #12. */
    byte[] keyStore(String name, char[] password) {
        try {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(name, bundle().getKeyPair().getPrivate(), password, bundle().getCertificatePath());
            var encoded = new ByteArrayOutputStream();
            keys.store(encoded, password);
            return encoded.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no key store could be made", e);
        }
    }

    private synchronized X509Bundle bundle() {
        if (leaf == null) {
            try {
                leaf = issue();
            } catch (Exception e) {
                throw new IllegalStateException("no " + this + " certificate could be made", e);
            }
        }
        return leaf;
    }

    private X509Bundle issue() throws Exception {
        var root = authority("root").buildSelfSigned();
        var intermediate = authority("intermediate").setPathLengthConstraint(OptionalInt.of(0)).buildIssuedBy(root);
        return builder()
                .subject("CN=localhost").addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1").addExtendedKeyUsageServerAuth().buildIssuedBy(intermediate);
    }

    private CertificateBuilder authority(String name) {
        return builder().subject("CN=Shakedown test " + name + " " + this)
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign);
    }

    private CertificateBuilder builder() {
        var builder = new CertificateBuilder().algorithm(algorithm);
        return this == ED25519 ? builder : builder.provider(new BouncyCastleProvider());
    }
}
