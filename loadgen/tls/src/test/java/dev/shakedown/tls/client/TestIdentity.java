package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The identities of scripted servers: a leaf certificate under one root, created at first use. */
enum TestIdentity {
    /** With a small key, since scripted servers sign and decrypt with it in thousands of handshakes. */
    RSA(Algorithm.rsa2048, leaf -> leaf.keyPair(smallRsa())),
    /** With the minimum key length that real servers accept. */
    RSA_2048(Algorithm.rsa2048, leaf -> leaf),
    ECDSA(Algorithm.ecp256, leaf -> leaf),
    P384(Algorithm.ecp384, leaf -> leaf),
    ED25519(Algorithm.ed25519, leaf -> leaf),
    EXPIRED(Algorithm.ecp256, leaf -> leaf.notBefore(days(-20)).notAfter(days(-10))),
    NOT_YET_VALID(Algorithm.ecp256, leaf -> leaf.notBefore(days(10)).notAfter(days(20))),
    UNKNOWN(Algorithm.ecp256, leaf -> leaf);

    /** Enough for every scheme to sign: RSASSA-PSS with SHA-512 needs at least 1,042 bits (RFC 8017, 9.1.1). */
    private static final int SMALL_RSA_BITS = 1280;
    private static final X509Bundle ROOT = authority("root");
    private static final X509Bundle OTHER_ROOT = authority("other root");

    private final Algorithm algorithm;
    private final UnaryOperator<CertificateBuilder> shape;
    private X509Bundle bundle;

    TestIdentity(Algorithm algorithm, UnaryOperator<CertificateBuilder> shape) {
        this.algorithm = algorithm;
        this.shape = shape;
    }

    PrivateKey key() {
        return bundle().getKeyPair().getPrivate();
    }

    /** Returns the scheme that a server signs with in TLS 1.3. */
    SignatureScheme scheme() {
        return switch (this) {
            case RSA, RSA_2048 -> SignatureScheme.RSA_PSS_RSAE_SHA256;
            case ED25519 -> SignatureScheme.ED25519;
            case P384 -> SignatureScheme.ECDSA_SECP384R1_SHA384;
            default -> SignatureScheme.ECDSA_SECP256R1_SHA256;
        };
    }

    /** Returns this identity for a client to present. */
    ClientIdentity client() {
        return ClientIdentity.of(List.of(bundle().getCertificate()), key());
    }

    byte[] sign(SignatureScheme scheme, byte[] content) {
        return client().sign(scheme, content);
    }

    /** Returns the leaf alone, in DER. */
    List<byte[]> chain() {
        try {
            return List.of(bundle().getCertificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the authority's own certificate, in DER. */
    static byte[] root() {
        try {
            return ROOT.getCertificate().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static PrivateKey rootKey() {
        return ROOT.getKeyPair().getPrivate();
    }

    /** Trusts the root of all but {@link #UNKNOWN}. */
    static X509TrustManager trust() {
        return trust(ROOT);
    }

    /** Trusts what {@code root} has issued. */
    static X509TrustManager trust(X509Bundle root) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("root", root.getCertificate());
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized X509Bundle bundle() {
        if (bundle == null) {
            try {
                bundle = shape.apply(new CertificateBuilder().algorithm(algorithm).subject("CN=localhost"))
                        .buildIssuedBy(this == UNKNOWN ? OTHER_ROOT : ROOT);
            } catch (Exception e) {
                throw new IllegalStateException("no " + this + " certificate could be made", e);
            }
        }
        return bundle;
    }

    private static KeyPair smallRsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(SMALL_RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Bundle authority(String name) {
        try {
            return new CertificateBuilder().algorithm(Algorithm.ecp256).subject("CN=Scripted " + name)
                    .setIsCertificateAuthority(true).buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Instant days(int days) {
        return Instant.now().plus(days, ChronoUnit.DAYS);
    }
}
