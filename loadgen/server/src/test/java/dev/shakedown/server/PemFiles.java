package dev.shakedown.server;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Writes certificate and key files of every common form into one directory. */
public record PemFiles(Path directory, X509Bundle rsa, X509Bundle ec) {
    private static final ASN1ObjectIdentifier CURVE = SECObjectIdentifiers.secp256r1;

    /** Two chains, each of a leaf and an intermediate under a root. */
    public static PemFiles in(Path directory) throws Exception {
        return new PemFiles(directory, chain(CertificateBuilder.Algorithm.rsa2048),
                chain(CertificateBuilder.Algorithm.ecp256));
    }

    private static X509Bundle chain(CertificateBuilder.Algorithm algorithm) throws Exception {
        var root = new CertificateBuilder().algorithm(algorithm).subject("CN=root").setIsCertificateAuthority(true)
                .buildSelfSigned();
        var intermediate = new CertificateBuilder().algorithm(algorithm).subject("CN=intermediate")
                .setIsCertificateAuthority(true).buildIssuedBy(root);
        return new CertificateBuilder().algorithm(algorithm).subject("CN=localhost").addSanDnsName("localhost")
                .buildIssuedBy(intermediate);
    }

    /** Leaf and intermediate. */
    public Path chain(X509Bundle bundle) throws IOException {
        return write("chain.pem", bundle.getCertificatePathPEM());
    }

    public Path leafAlone(X509Bundle bundle) throws IOException {
        return write("leaf.pem", bundle.getCertificatePEM());
    }

    public Path pkcs8(X509Bundle bundle) throws IOException {
        return write("pkcs8.pem", bundle.getPrivateKeyPEM());
    }

    /** "BEGIN RSA PRIVATE KEY". */
    public Path traditionalRsa() throws IOException {
        return write("rsa.pem", pem(rsa.getKeyPair().getPrivate()));
    }

    /** "BEGIN EC PRIVATE KEY", without the optional public key. */
    public Path traditionalEc() throws IOException {
        return write("ec.pem", pem(ecKey(null)));
    }

    /** As {@code openssl ecparam -genkey} writes it: the curve, then the key with its public key. */
    public Path traditionalEcWithParameters() throws IOException {
        var publicHalf = SubjectPublicKeyInfo.getInstance(ec.getKeyPair().getPublic().getEncoded()).getPublicKeyData();
        return write("parameters.pem",
                pem(new PemObject("EC PARAMETERS", CURVE.getEncoded())) + pem(ecKey(publicHalf)));
    }

    private PemObject ecKey(ASN1BitString publicHalf) throws IOException {
        var number = ((ECPrivateKey) ec.getKeyPair().getPrivate()).getS();
        return new PemObject("EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, number, publicHalf, CURVE).getEncoded());
    }

    public Path encrypted() throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                .setProvider(new BouncyCastleProvider())
                .setPassword("secret".toCharArray()).build();
        return write("encrypted.pem", pem(new JcaPKCS8Generator(rsa.getKeyPair().getPrivate(), encryptor)));
    }

    public Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
