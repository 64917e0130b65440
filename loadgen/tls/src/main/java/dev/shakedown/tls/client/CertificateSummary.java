package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.X509;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A summary of a server's own certificate. Handshakes with the same server share one object.
 *
 * @param key      algorithm and size of its key, such as {@code RSA 2048}
 * @param name     its first DNS name, else its subject's common name, else its subject
 * @param notAfter the end of its validity, in milliseconds since 1970 UTC
 */
public record CertificateSummary(String key, String name, long notAfter) {
    // The API of certificates has no other type for times.
    @SuppressWarnings("JavaUtilDate")
    static CertificateSummary of(X509Certificate certificate) {
        return new CertificateSummary(X509.describe(certificate.getPublicKey()),
                X509.names(certificate).filter(names -> !names.isEmpty()).map(List::getFirst)
                        .or(() -> X509.commonName(certificate))
                        .orElseGet(() -> certificate.getSubjectX500Principal().getName()),
                certificate.getNotAfter().getTime());
    }
}
