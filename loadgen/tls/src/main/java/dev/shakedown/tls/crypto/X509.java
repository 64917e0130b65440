package dev.shakedown.tls.crypto;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;

/** Certificates as Java reads them. */
public final class X509 {
    /** {@code anyExtendedKeyUsage} (RFC 5280, 4.2.1.12). */
    private static final String ANY = "2.5.29.37.0";

    /** What a certificate's key may be for (RFC 5280, 4.2.1.12). */
    public enum Purpose {
        SERVER("1.3.6.1.5.5.7.3.1"), CLIENT("1.3.6.1.5.5.7.3.2");

        private final String oid;

        Purpose(String oid) {
            this.oid = oid;
        }
    }

    private X509() {}

    /**
     * Reads a certificate.
     *
     * @param certificate in DER
     * @throws CertificateException if it is none, or one that Java finds odd
     */
    public static X509Certificate read(byte[] certificate) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate));
    }

    /**
     * Whether its extendedKeyUsage allows a purpose, which one that has none does.
     *
     * @throws CertificateParsingException if it cannot be read
     */
    public static boolean allows(X509Certificate certificate, Purpose purpose) throws CertificateParsingException {
        var purposes = certificate.getExtendedKeyUsage();
        return purposes == null || purposes.contains(purpose.oid) || purposes.contains(ANY);
    }
}
