package dev.shakedown.tls.wire;

import java.util.Locale;

/**
 * What this client refuses even though the server need not have broken the protocol: a chain that it does not trust,
 * and whatever exceeds its own limits.
 */
public enum Refusal implements Rule {
    // Trust in the server's certificates

    CERTIFICATE_UNTRUSTED(AlertDescription.UNKNOWN_CA, "RFC 5280, 6.1",
            "the server's certificate chain is not trusted (%s)"),
    CERTIFICATE_EXPIRED(AlertDescription.CERTIFICATE_EXPIRED, "RFC 5280, 4.1.2.5",
            "the server's certificate chain has expired"),
    CERTIFICATE_NOT_YET_VALID(AlertDescription.CERTIFICATE_EXPIRED, "RFC 5280, 4.1.2.5",
            "the server's certificate chain is not valid yet"),
    CERTIFICATE_REVOKED(AlertDescription.CERTIFICATE_REVOKED, "RFC 5280, 6.3",
            "a certificate in the server's chain is revoked"),
    CERTIFICATE_SIGNED_WRONGLY(AlertDescription.BAD_CERTIFICATE, "RFC 5280, 6.1.3",
            "a certificate in the server's chain has an invalid signature"),
    CERTIFICATE_TOO_WEAK(AlertDescription.BAD_CERTIFICATE, "RFC 8446, 4.4.2.4",
            "a certificate in the server's chain has a key or a signature that is too weak for the JDK"),
    CERTIFICATE_WITHOUT_KEY_CERT_SIGN(AlertDescription.BAD_CERTIFICATE, "RFC 5280, 4.2.1.3",
            "a certificate in the server's chain may not issue others: its keyUsage has no keyCertSign"),
    CERTIFICATE_OF_NO_AUTHORITY(AlertDescription.BAD_CERTIFICATE, "RFC 5280, 4.2.1.9",
            "a certificate in the server's chain may not issue others: it does not belong to a certificate authority"),
    CERTIFICATE_PATH_TOO_LONG(AlertDescription.BAD_CERTIFICATE, "RFC 5280, 4.2.1.9",
            "an authority in the server's chain has more certificates below it than its path length allows"),
    CERTIFICATE_NOT_FOR_SERVERS(AlertDescription.UNSUPPORTED_CERTIFICATE, "RFC 5280, 4.2.1.12",
            "the server's certificate is not for TLS servers (%s)"),
    CERTIFICATE_NOT_ACCEPTED(AlertDescription.CERTIFICATE_UNKNOWN, "RFC 5280, 6.1",
            "the server's certificate chain is not accepted (%s)"),

    // Limits of this client, and of the Java it runs on

    CERTIFICATE_REFUSED_BY_JAVA(AlertDescription.BAD_CERTIFICATE, "RFC 5280, 4.1",
            "Java, which reads certificates for this client, refuses %s: %s"),
    KEY_UNKNOWN_TO_JAVA(AlertDescription.UNSUPPORTED_CERTIFICATE, "RFC 8446, 6.2",
            "the key in the server's certificate is of a kind, or on a curve, that Java does not support"),
    DH_GROUP_TOO_SMALL(AlertDescription.INSUFFICIENT_SECURITY, "RFC 5246, F.1.1.3",
            "the server's Diffie-Hellman group has a prime of %s bits; the minimum is %s"),
    DH_GROUP_UNUSABLE(AlertDescription.HANDSHAKE_FAILURE, "RFC 5246, 7.4.7.2",
            "the client cannot generate a key in the server's Diffie-Hellman group of %s bits"),
    CERTIFICATE_TOO_LONG(AlertDescription.INTERNAL_ERROR, "RFC 5246, 7.4.2",
            "Certificate announces %s bytes, but this client accepts at most %s: a limit of its own, which the "
                    + "server is free to exceed"),
    COOKIE_TOO_LONG(AlertDescription.INTERNAL_ERROR, "RFC 8446, 4.2.2",
            "the server's cookie has %s bytes, but this client accepts at most %s: a limit of its own"),
    CLIENT_FAULT(AlertDescription.INTERNAL_ERROR, "RFC 8446, 6.2",
            "what the server sent triggers a bug in this client (%s)");

    private final AlertDescription alert;
    private final String reference;
    private final String template;
    private final String label = name().toLowerCase(Locale.ROOT);

    Refusal(AlertDescription alert, String reference, String template) {
        this.alert = alert;
        this.reference = reference;
        this.template = template;
    }

    @Override
    public AlertDescription alert() {
        return alert;
    }

    @Override
    public String reference() {
        return reference;
    }

    @Override
    public String template() {
        return template;
    }

    @Override
    public String label() {
        return label;
    }
}
