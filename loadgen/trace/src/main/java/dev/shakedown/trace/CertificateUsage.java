package dev.shakedown.trace;

import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.crypto.X509.Purpose;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** What a certificate may not be used for, or is too weak for, in words. */
final class CertificateUsage {
    private static final int DIGITAL_SIGNATURE = 0;
    /** Below that hardly any implementation goes along, bits. */
    private static final int LEAST_RSA = 1024;

    private CertificateUsage() {}

    /** Why a server's certificate may not serve; empty if nothing is known against it. */
    static Optional<String> againstServer(X509Certificate certificate) {
        return against(certificate, Purpose.SERVER, "serverAuth");
    }

    /** Why a client's certificate may not prove who it is; empty if nothing is known against it. */
    static Optional<String> againstClient(X509Certificate certificate) {
        return against(certificate, Purpose.CLIENT, "clientAuth");
    }

    private static Optional<String> against(X509Certificate certificate, Purpose purpose, String name) {
        var usage = certificate.getKeyUsage();
        if (!allows(certificate, purpose)) {
            return Optional.of("its extendedKeyUsage has no " + name);
        }
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            return Optional.of("its keyUsage has no digitalSignature");
        }
        return certificate.getPublicKey() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA
                ? Optional.of("its RSA key has only " + rsa.getModulus().bitLength() + " bits")
                : Optional.empty();
    }

    private static boolean allows(X509Certificate certificate, Purpose purpose) {
        try {
            return X509.allows(certificate, purpose);
        } catch (CertificateParsingException _) {
            return true;
        }
    }
}
