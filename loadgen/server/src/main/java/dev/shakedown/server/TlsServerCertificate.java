package dev.shakedown.server;

import dev.shakedown.tls.wire.NamedGroup;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A private key and its certificate chain, which begins with the key's own certificate. */
public record TlsServerCertificate(PrivateKey key, List<X509Certificate> chain) {
    private static final int SECP521R1 = 25;

    /**
     * Returns new self-signed certificates for localhost, valid for a year from yesterday: ECDSA P-256 and RSA-2048.
     */
    public static List<TlsServerCertificate> make() {
        return List.of(make(Algorithm.ecp256), make(Algorithm.rsa2048));
    }

    private static TlsServerCertificate make(Algorithm algorithm) {
        try {
            var bundle = new CertificateBuilder().subject("CN=localhost").algorithm(algorithm)
                    .addSanDnsName("localhost").addSanIpAddress(InetAddress.getByName("127.0.0.1"))
                    .addSanIpAddress(InetAddress.getByName("::1")).setIsCertificateAuthority(true).buildSelfSigned();
            return new TlsServerCertificate(bundle.getKeyPair().getPrivate(), List.of(bundle.getCertificate()));
        } catch (Exception e) { // declared by the builder
            throw new IllegalStateException("cannot create a certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a PEM certificate chain and its PEM private key, which is PKCS #8 or traditional and unencrypted.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static TlsServerCertificate read(Path chainFile, Path keyFile) {
        var chain = PemFile.readChain(chainFile);
        var publicKey = chain.getFirst().getPublicKey();
        if (!publicKey.getAlgorithm().equals("RSA") && !(publicKey instanceof ECPublicKey)) {
            throw new IllegalArgumentException("the first certificate in " + chainFile
                    + " has an unsupported key; use RSA, or ECDSA on P-256, P-384 or P-521");
        }
        var certificate = new TlsServerCertificate(PemFile.readKey(keyFile), chain);
        if (!certificate.keyMatches()) {
            throw new IllegalArgumentException("the key in " + keyFile + " does not belong to the first certificate in "
                    + chainFile);
        }
        return certificate;
    }

    /** Whether this is an RSA key rather than an ECDSA one. */
    boolean isRsa() {
        return key.getAlgorithm().equals("RSA");
    }

    /** Returns the number of an ECDSA key's group (RFC 8422, 5.1.1). */
    int group() {
        var curve = ((ECPublicKey) chain.getFirst().getPublicKey()).getParams().getCurve();
        return switch (curve.getField().getFieldSize()) {
            case 256 -> NamedGroup.SECP256R1.id();
            case 384 -> NamedGroup.SECP384R1.id();
            default -> SECP521R1; // the JDK knows no others
        };
    }

    /** Returns a description for people: kind of key, subject, SHA-256 fingerprint. */
    public String describe() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded());
            return (isRsa() ? "RSA" : "ECDSA") + " " + chain.getFirst().getSubjectX500Principal() + ", SHA-256 "
                    + HexFormat.ofDelimiter(":").formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the certificate that a client must trust, the last of the chain, as PEM. */
    public String caPem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(chain.getLast().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean keyMatches() {
        try {
            var probe = new byte[]{1};
            var signer = Signature.getInstance(isRsa() ? "SHA256withRSA" : "SHA256withECDSA");
            signer.initSign(key);
            signer.update(probe);
            var verifier = Signature.getInstance(signer.getAlgorithm());
            verifier.initVerify(chain.getFirst());
            verifier.update(probe);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
