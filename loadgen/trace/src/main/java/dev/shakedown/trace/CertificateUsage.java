package dev.shakedown.trace;

import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.crypto.X509.Purpose;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** Says in words why a certificate may not be used for a purpose, or is too weak. */
final class CertificateUsage {
    private static final int DIGITAL_SIGNATURE = 0;
    /** The shortest RSA key that most implementations accept, bits. */
    private static final int LEAST_RSA = 1024;

    private CertificateUsage() {}

    /** Returns why a certificate may not authenticate a server; empty if no reason is known. */
    static Optional<String> serverFlaw(X509Certificate certificate) {
        return flaw(certificate, Purpose.SERVER, "serverAuth");
    }

    /** Returns why a certificate may not authenticate a client; empty if no reason is known. */
    static Optional<String> clientFlaw(X509Certificate certificate) {
        return flaw(certificate, Purpose.CLIENT, "clientAuth");
    }

    private static Optional<String> flaw(X509Certificate certificate, Purpose purpose, String name) {
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
