package dev.shakedown.tls.crypto;

import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Reads certificates with Java's parser. */
public final class X509 {
    /** {@code anyExtendedKeyUsage} (RFC 5280, 4.2.1.12). */
    private static final String ANY = "2.5.29.37.0";

    /** A purpose of a certificate's key (RFC 5280, 4.2.1.12). */
    public enum Purpose {
        SERVER("1.3.6.1.5.5.7.3.1"), CLIENT("1.3.6.1.5.5.7.3.2");

        private final String oid;

        Purpose(String oid) {
            this.oid = oid;
        }
    }

    /** The type of a GeneralName that is a DNS name (RFC 5280, 4.2.1.6). */
    private static final Integer DNS_NAME = 2;

    private X509() {}

    /** Returns the DNS names in a certificate, in its order; empty if they cannot be read. */
    public static Optional<List<String>> names(X509Certificate certificate) {
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            return Optional.of(alternatives == null
                    ? List.of()
                    : alternatives.stream().filter(each -> each.getFirst().equals(DNS_NAME))
                            .map(each -> (String) each.get(1)).toList());
        } catch (CertificateParsingException | RuntimeException _) {
            return Optional.empty();
        }
    }

    /** Returns the subject's common name; empty if it has none. */
    public static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns().stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN")).map(part -> String.valueOf(part.getValue()))
                    .findFirst();
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }

    /** Returns the algorithm and size of a key, such as {@code RSA 2048}. */
    public static String describe(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec -> "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
            case EdECPublicKey edwards -> edwards.getParams().getName();
            case DSAPublicKey dsa -> "DSA " + dsa.getParams().getP().bitLength();
            default -> key.getAlgorithm();
        };
    }

    /**
     * Reads a certificate.
     *
     * @param certificate in DER
     * @throws CertificateException if it is not a certificate, or Java rejects it
     */
    public static X509Certificate read(byte[] certificate) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate));
    }

    /**
     * Whether a certificate's extendedKeyUsage, if it has one, allows a purpose.
     *
     * @throws CertificateParsingException if the extension cannot be read
     */
    public static boolean allows(X509Certificate certificate, Purpose purpose) throws CertificateParsingException {
        var purposes = certificate.getExtendedKeyUsage();
        return purposes == null || purposes.contains(purpose.oid) || purposes.contains(ANY);
    }
}
