package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.Refusal;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Translates the JDK's reason for not trusting a server's chain into an alert (RFC 8446, 6.2) and a sentence. */
final class TrustFailure {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;

    private TrustFailure() {}

    /** @param refusal the exception that the JDK threw */
    static Fault of(X509Certificate leaf, Exception refusal) {
        var causes = Stream.iterate((Throwable) refusal, each -> each != null, Throwable::getCause).toList();
        for (var cause : causes) {
            var known = cause instanceof CertPathValidatorException path ? known(path.getReason()) : null;
            if (known != null) {
                return known;
            }
        }
        if (causes.stream().anyMatch(CertPathBuilderException.class::isInstance)) {
            return unknownAuthority("none of its certificates was issued by a trusted authority");
        }
        if (!allowsServerKeyUsage(leaf)) {
            return new Fault(Refusal.CERTIFICATE_NOT_FOR_SERVERS, "its key usage does not allow that");
        }
        return new Fault(Refusal.CERTIFICATE_NOT_ACCEPTED, ExceptionText.reason(refusal));
    }

    /** Returns the fault for a reason, or {@code null} if the reason says too little. */
    private static @Nullable Fault known(Reason reason) {
        return switch (reason) {
            case BasicReason.EXPIRED -> new Fault(Refusal.CERTIFICATE_EXPIRED);
            case BasicReason.NOT_YET_VALID -> new Fault(Refusal.CERTIFICATE_NOT_YET_VALID);
            case BasicReason.INVALID_SIGNATURE -> new Fault(Refusal.CERTIFICATE_SIGNED_WRONGLY);
            case BasicReason.REVOKED -> new Fault(Refusal.CERTIFICATE_REVOKED);
            // RFC 8446, 4.4.2.4
            case BasicReason.ALGORITHM_CONSTRAINED -> new Fault(Refusal.CERTIFICATE_TOO_WEAK);
            case PKIXReason.INVALID_KEY_USAGE -> new Fault(Refusal.CERTIFICATE_WITHOUT_KEY_CERT_SIGN);
            case PKIXReason.NOT_CA_CERT -> new Fault(Refusal.CERTIFICATE_OF_NO_AUTHORITY);
            case PKIXReason.PATH_TOO_LONG -> new Fault(Refusal.CERTIFICATE_PATH_TOO_LONG);
            case PKIXReason.NO_TRUST_ANCHOR -> unknownAuthority("its authority is unknown");
            case null, default -> null;
        };
    }

    private static Fault unknownAuthority(String reason) {
        return new Fault(Refusal.CERTIFICATE_UNTRUSTED, reason);
    }

    private static boolean allowsServerKeyUsage(X509Certificate leaf) {
        try {
            var usage = leaf.getKeyUsage();
            return (usage == null || usage[DIGITAL_SIGNATURE] || usage[KEY_ENCIPHERMENT] || usage[KEY_AGREEMENT])
                    && X509.allows(leaf, X509.Purpose.SERVER);
        } catch (CertificateParsingException _) {
            return false;
        }
    }
}
