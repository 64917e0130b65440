package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.crypto.CertificateKey;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Violation;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What one worker knows about a server, identified by its certificate chain. Parsing, verifying and encrypting to the
 * key are done when first needed and then cached, as far as the settings allow. A certificate without the requested
 * name is reported, but fails no handshake: the target of a load test is often an address that no certificate contains.
 */
final class ServerIdentity {
    /** A premaster secret with its encryption to the server's key. */
    record Encrypted(PremasterSecret premaster, byte[] bytes) {}

    /** A group that this client does not implement, although Java knows its keys. */
    private static final int SECP521R1 = 25;

    private final List<byte[]> chain;
    private @Nullable PublicKey key;
    private @Nullable Encrypted encrypted;
    private boolean verified;
    private Optional<CertificateSummary> summary = Optional.empty();
    /** Whether {@link #summary} is computed. */
    private boolean read;
    /** Whether the certificate contains the name in {@link #requestedName}. */
    private Optional<Boolean> matchesRequested = Optional.empty();
    private @Nullable String requestedName;

    ServerIdentity(List<byte[]> chain) {
        this.chain = chain;
    }

    /** Whether {@code other} is this server's chain. */
    boolean has(List<byte[]> other) {
        if (chain.size() != other.size()) {
            return false;
        }
        for (var i = 0; i < other.size(); i++) {
            if (!Arrays.equals(chain.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the key in the server's own certificate. */
    PublicKey key() throws Fault {
        if (key == null) {
            key = CertificateKey.of(chain.getFirst());
        }
        return key;
    }

    /**
     * Whether one of the DNS names in the server's own certificate is {@code name}, or {@code name} with an asterisk
     * for its first label (RFC 9525, 6.3); empty if the certificate cannot be read.
     */
    Optional<Boolean> matches(String name) {
        if (!name.equals(requestedName)) {
            requestedName = name;
            matchesRequested = names().map(names -> names.stream().anyMatch(pattern -> matches(pattern, name)));
        }
        return matchesRequested;
    }

    /** Returns a summary of the server's own certificate; empty if it cannot be read. */
    Optional<CertificateSummary> summary() {
        if (!read) {
            read = true;
            summary = certificate().map(CertificateSummary::of);
        }
        return summary;
    }

    private Optional<List<String>> names() {
        return certificate().flatMap(X509::names);
    }

    private Optional<X509Certificate> certificate() {
        try {
            return Optional.of(X509.read(chain.getFirst()));
        } catch (CertificateException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static boolean matches(String pattern, String name) {
        var rest = name.indexOf('.');
        return pattern.equalsIgnoreCase(name)
                || pattern.startsWith("*.") && rest > 0 && pattern.substring(1).equalsIgnoreCase(name.substring(rest));
    }

    /** Checks that RSA key exchange can encrypt to the server's key (RFC 5246, 7.4.2). */
    void requireRsaKey() throws Fault {
        // To Java an RSASSA-PSS key is an RSA key, but it may only sign (RFC 4055, 1.2).
        if (!key().getAlgorithm().equals("RSA")) {
            throw noRsaKey(key());
        }
    }

    /**
     * Returns the number of the group on whose curve the server's key is (RFC 8422, 5.1.1); empty for a key of another
     * kind, and -1 for a curve that TLS does not have.
     */
    OptionalInt curve() throws Fault {
        return key() instanceof ECPublicKey onCurve
                ? OptionalInt.of(switch (onCurve.getParams().getCurve().getField().getFieldSize()) {
                    case 256 -> NamedGroup.SECP256R1.id();
                    case 384 -> NamedGroup.SECP384R1.id();
                    case 521 -> SECP521R1;
                    default -> -1;
                })
                : OptionalInt.empty();
    }

    /** Whether {@code mode} requires this server to be verified now. */
    boolean mustVerify(VerifyMode mode) {
        return mode == VerifyMode.ALWAYS || mode == VerifyMode.ONCE && !verified;
    }

    /** Records that the chain and the server's signature were verified. */
    void verified() {
        verified = true;
    }

    /**
     * Verifies the chain.
     *
     * @param authType the key exchange, as the JDK names it: {@code RSA}, {@code ECDHE_RSA}, {@code ECDHE_ECDSA}
     */
    void verifyChain(X509TrustManager trust, String authType) throws Fault {
        // Parse again for each verification, as a client does that meets the server for the first time.
        var parsed = parse();
        try {
            trust.checkServerTrusted(parsed, authType);
        } catch (CertificateException | RuntimeException e) {
            throw TrustFailure.of(parsed[0], e);
        }
    }

    /** Returns a premaster secret encrypted to the server's RSA key. */
    Encrypted premaster(PremasterMode mode, int offeredVersion, SecureRandom random, Primitives primitives)
            throws Fault {
        if (encrypted == null || mode == PremasterMode.FRESH) {
            var premaster = PremasterSecret.forRsa(offeredVersion, random);
            try {
                encrypted = new Encrypted(premaster, premaster.encryptTo(key(), random, primitives));
            } catch (GeneralSecurityException | RuntimeException _) {
                throw noRsaKey(key());
            }
        }
        return encrypted;
    }

    private X509Certificate[] parse() throws Fault {
        var parsed = new X509Certificate[chain.size()];
        for (var i = 0; i < parsed.length; i++) {
            try {
                parsed[i] = X509.read(chain.get(i));
            } catch (CertificateException | RuntimeException e) {
                var which = i == 0 ? "the server's certificate" : "certificate " + (i + 1) + " of the server's chain";
                throw new Fault(Refusal.CERTIFICATE_REFUSED_BY_JAVA, which, ExceptionText.reason(e));
            }
        }
        return parsed;
    }

    private static Fault noRsaKey(PublicKey key) {
        return new Fault(Violation.CERTIFICATE_WITHOUT_RSA_KEY, key.getAlgorithm());
    }
}
