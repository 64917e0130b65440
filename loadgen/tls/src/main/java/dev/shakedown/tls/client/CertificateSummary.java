package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.X509;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server's own certificate says. Handshakes with the same server have the same object.
 *
 * @param key      algorithm and size of its key, such as {@code RSA 2048}
 * @param name     what it was made for: its first DNS name, else its subject's common name, else its subject
 * @param notAfter until when it is in force, milliseconds since 1970 UTC
 */
public record CertificateSummary(String key, String name, long notAfter) {
    // Certificates have no other class of times that is none of clocks.
    @SuppressWarnings("JavaUtilDate")
    static CertificateSummary of(X509Certificate certificate) {
        return new CertificateSummary(X509.describe(certificate.getPublicKey()),
                X509.names(certificate).filter(names -> !names.isEmpty()).map(List::getFirst)
                        .or(() -> X509.commonName(certificate))
                        .orElseGet(() -> certificate.getSubjectX500Principal().getName()),
                certificate.getNotAfter().getTime());
    }
}
