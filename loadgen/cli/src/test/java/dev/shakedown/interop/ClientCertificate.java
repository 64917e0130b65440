package dev.shakedown.interop;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** What the client identifies itself with: leaves of each kind of key under one root, made at first use. */
enum ClientCertificate {
    RSA_2048(CertificateBuilder.Algorithm.rsa2048),
    ECDSA_P256(CertificateBuilder.Algorithm.ecp256),
    ED25519(CertificateBuilder.Algorithm.ed25519);

    private static final Map<ClientCertificate, X509Bundle> MADE = new EnumMap<>(ClientCertificate.class);
    private static X509Bundle root;

    private final CertificateBuilder.Algorithm algorithm;

    ClientCertificate(CertificateBuilder.Algorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** Certificate and key, as {@code --client-cert} reads them from one file. */
    PemFile file() throws IOException {
        return new PemFile(bundle().getCertificatePathPEM() + bundle().getPrivateKeyPEM());
    }

    /** The root: what servers are told to trust. */
    static String caPem() {
        return root().getCertificatePEM();
    }

    static synchronized X509Bundle root() {
        if (root == null) {
            root = make(() -> new CertificateBuilder().algorithm(CertificateBuilder.Algorithm.ecp256)
                    .subject("CN=Shakedown test clients").setIsCertificateAuthority(true)
                    .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
                    .buildSelfSigned());
        }
        return root;
    }

    private X509Bundle bundle() {
        synchronized (ClientCertificate.class) {
            return MADE.computeIfAbsent(this, _ -> make(() -> new CertificateBuilder()
                    .provider(new BouncyCastleProvider()).algorithm(algorithm).subject("CN=client " + this)
                    .addExtendedKeyUsageClientAuth().buildIssuedBy(root())));
        }
    }

    private static X509Bundle make(Making making) {
        try {
            return making.make();
        } catch (Exception e) { // as declared by the builder
            throw new IllegalStateException("no client certificate could be made", e);
        }
    }

    private interface Making {
        X509Bundle make() throws Exception;
    }
}
