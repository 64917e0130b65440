package dev.shakedown.trace;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Rule;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Violation;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The likely cause of a failure, as far as one handshake reveals it.
 *
 * @param advice what to try; empty if there is no advice
 */
record Cause(Certainty certainty, Advice sentence, Optional<Advice> advice) {
    /** What further handshakes could reveal. */
    enum Certainty {
        /** Nothing. */
        KNOWN,
        /** Whether it happens each time; if so, the cause is known. */
        IF_REPEATED,
        /** Everything. */
        OPEN
    }

    /** Alerts that one side sends about the other's certificate. */
    private static final Set<String> ABOUT_CERTIFICATES = Set.of("certificate_expired", "unknown_ca", "access_denied",
            "certificate_unknown", "unsupported_certificate", "certificate_revoked", "bad_certificate",
            "certificate_required");

    /** Alerts with which the client rejects a certificate, or a signature by its key. */
    private static final Set<AlertDescription> OF_CERTIFICATES = EnumSet.of(AlertDescription.UNKNOWN_CA,
            AlertDescription.CERTIFICATE_UNKNOWN, AlertDescription.UNSUPPORTED_CERTIFICATE,
            AlertDescription.BAD_CERTIFICATE, AlertDescription.ILLEGAL_PARAMETER);

    private static final Advice.Piece UNVERIFIED = Setting.VERIFY.to("none");
    private static final Advice OTHER_SUITES = Advice.of("other suites with %s", Setting.SUITES);
    static final Advice OTHER_ALPN = Advice.of("another %s, or none", Setting.ALPN);
    static final Advice OTHER_NAME = Advice.of("%s with a name that it serves, or %s for none", Setting.SERVER_NAME,
            Setting.SERVER_NAME.to("''"));

    /** @param settings the client's */
    static Cause of(Exchange exchange, ClientSettings settings) {
        var failure = exchange.whyNot();
        if (failure.stage() == Stage.CONNECT && connected(exchange)) {
            return beforeTls(exchange, failure);
        }
        if (failure.stage() == Stage.CONNECT) {
            return known("", failure, Advice.words(switch (failure.cause()) {
                case "unreachable" ->
                    "check the address, and the routes and firewalls on the way";
                case "not_permitted" -> "check this machine's own firewall and routes";
                default -> "check that the server is running, and that address and port are right";
            }));
        }
        return failure.sent()
                ? failure.rule().map(rule -> ended(exchange, failure, rule)).orElseGet(() -> broken(exchange, failure))
                : received(exchange, settings, failure);
    }

    /** Returns the cause of a failure in which the client ended the handshake because of {@code rule}. */
    private static Cause ended(Exchange exchange, HandshakeFailure failure, Rule rule) {
        var flaw = CertificateChain.of(exchange).leaf().flatMap(CertificateUsage::serverFlaw);
        if (failure.stage() != Stage.SERVER_HELLO && flaw.isPresent() && OF_CERTIFICATES.contains(rule.alert())) {
            return known("the server's certificate cannot be used here: " + flaw.get(),
                    "another certificate on the server, for that reason");
        }
        return switch (rule) {
            case Violation.VERSION_NOT_OFFERED, Violation.OLD_VERSION_FOR_EARLY_DATA ->
                known("no common protocol version: ", failure, Advice.of("other versions with %s", Setting.VERSIONS));
            case Refusal.CERTIFICATE_EXPIRED, Refusal.CERTIFICATE_NOT_YET_VALID ->
                known("the server's certificate is not valid now: ", failure,
                        Advice.of("a renewed certificate on the server, and check that both clocks are right; or %s",
                                UNVERIFIED));
            case Refusal.DH_GROUP_UNUSABLE -> known("", failure, Advice.of("%s", Setting.KEY_SHARE.to("base-point")));
            // Perhaps no certificate was verified: its key is of another kind, or cannot be read.
            case Violation.CERTIFICATE_WITHOUT_RSA_KEY, Refusal.KEY_UNKNOWN_TO_JAVA,
                    Refusal.CERTIFICATE_NOT_FOR_SERVERS ->
                known("the server's certificate does not fit the suite it chose: ", failure, OTHER_SUITES);
            case Violation.CERTIFICATE_NOT_DER, Refusal.CERTIFICATE_REFUSED_BY_JAVA,
                    Refusal.CERTIFICATE_SIGNED_WRONGLY, Refusal.CERTIFICATE_TOO_WEAK,
                    Refusal.CERTIFICATE_WITHOUT_KEY_CERT_SIGN, Refusal.CERTIFICATE_OF_NO_AUTHORITY,
                    Refusal.CERTIFICATE_PATH_TOO_LONG ->
                known("the server's certificate is broken: ", failure,
                        Advice.words("another certificate on the server"));
            case Refusal.DH_GROUP_TOO_SMALL -> known("the client has a limit of its own: ", failure,
                    Advice.of("a stronger key or group on the server, or suites without it by %s", Setting.SUITES));
            case Refusal.CERTIFICATE_UNTRUSTED ->
                known("the client does not trust the server's certificate: ", failure,
                        Advice.of("%s with the authority that issued it, or %s", Setting.AUTHORITY, UNVERIFIED));
            case Refusal.CERTIFICATE_NOT_ACCEPTED, Refusal.CERTIFICATE_REVOKED ->
                known("the client does not accept the server's certificate: ", failure,
                        Advice.of("another certificate on the server, or %s", UNVERIFIED));
            case Refusal.CERTIFICATE_TOO_LONG, Refusal.COOKIE_TOO_LONG, Refusal.CLIENT_FAULT ->
                known(Meaning.of(failure));
            case Violation _ -> broken(exchange, failure);
        };
    }

    private static Cause broken(Exchange exchange, HandshakeFailure failure) {
        return Prober.spoke(exchange)
                ? known(Advice.words("the server broke a rule of the protocol: ").then(Meaning.of(failure)))
                : known("", failure,
                        Greeting.advice(exchange).orElse(Advice.words("check that the port speaks TLS")));
    }

    private static boolean connected(Exchange exchange) {
        return exchange.events().stream().anyMatch(Event.Connected.class::isInstance);
    }

    /** Returns the cause of a failure after connecting, but before TLS began. */
    private static Cause beforeTls(Exchange exchange, HandshakeFailure failure) {
        if (Greeting.isTls(exchange)) {
            return known("the server speaks TLS from the first byte: it answered with a record of TLS",
                    Advice.of("no %s", Setting.STARTTLS));
        }
        return switch (failure.cause()) {
            case "timeout" -> known("", failure, Advice.of("no %s, if the port speaks TLS from the first byte: then"
                    + " the server waits for the client; or a longer %s", Setting.STARTTLS, Setting.TIMEOUT));
            case "connection_closed", "connection_reset" ->
                known("", failure, Advice.of("no %s, if the port speaks TLS"
                        + " from the first byte; or check that it speaks the protocol of %s", Setting.STARTTLS,
                        Setting.STARTTLS));
            default -> known("", failure, Greeting.advice(exchange)
                    .orElse(Advice.of("check that the port speaks the protocol of %s", Setting.STARTTLS)));
        };
    }

    private static Cause received(Exchange exchange, ClientSettings settings, HandshakeFailure failure) {
        // This holds for any kind of failure: servers differ, and some just close.
        if (asksForCertificate(exchange) && !presentedCertificate(exchange)) {
            return new Cause(Certainty.IF_REPEATED, settings.identity() == null
                    ? Advice.words("the server asks for a client certificate and does not continue without one")
                    : Advice.of("the server asks for a client certificate of another kind than the one in %s",
                            Setting.CLIENT_CERTIFICATE)
                            .then(Advice.words(flaw(settings).map(" (%s)"::formatted).orElse("")
                                    + ", and does not continue without one")),
                    Optional.of(Advice.of("%s with a certificate that one of its authorities has issued",
                            Setting.CLIENT_CERTIFICATE.to("FILE"))));
        }
        if (presentedCertificate(exchange) && flaw(settings).isPresent() && failure.byAlert()) {
            return refused(settings, failure);
        }
        if (!presentedCertificate(exchange) && ABOUT_CERTIFICATES.contains(failure.cause())) {
            return open(Meaning.of(failure), Optional.empty());
        }
        return switch (failure.cause()) {
            case "certificate_expired" -> known("the client's certificate is not valid now, according to the server",
                    Advice.of("a %s that has not expired, and check that both clocks are right",
                            Setting.CLIENT_CERTIFICATE));
            case "unknown_ca", "access_denied", "certificate_unknown", "unsupported_certificate", "certificate_revoked",
                    "bad_certificate", "certificate_required" ->
                refused(settings, failure);
            case "unrecognized_name" -> settings.sni() == null
                    ? known("the server requires a server name, and none was sent",
                            Advice.of("%s with a name that it serves", Setting.SERVER_NAME))
                    : known("the server does not serve the name that was requested",
                            OTHER_NAME);
            case "no_application_protocol" -> known(
                    Advice.of("the server speaks none of the application protocols in %s", Setting.ALPN), OTHER_ALPN);
            case "protocol_version" ->
                open(Advice.words("no common protocol version"),
                        Optional.of(Advice.of("other versions with %s", Setting.VERSIONS)));
            case "insufficient_security" ->
                open(Advice.words("the server asks for stronger suites than were offered"),
                        Optional.of(OTHER_SUITES));
            case "timeout" -> Prober.spoke(exchange)
                    ? known("the server fell silent in the middle of the handshake: it may be overloaded",
                            Advice.of("a longer %s", Setting.TIMEOUT))
                    : known("the server fell silent: it may be overloaded, or be waiting for something other than TLS",
                            Advice.of("a longer %s; and check that the port speaks TLS from the first byte",
                                    Setting.TIMEOUT));
            case "decrypt_error", "bad_record_mac" -> known("", failure, Advice
                    .of("another suite with %s, to see whether the server's fault depends on it", Setting.SUITES));
            default -> open(Meaning.of(failure), Optional.empty());
        };
    }

    static boolean asksForCertificate(Exchange exchange) {
        return exchange.message(false, CertificateRequest.class) != null
                || exchange.message(false, Tls13Message.CertificateRequest.class) != null;
    }

    static boolean presentedCertificate(Exchange exchange) {
        return exchange.message(true, CertificateVerify.class) != null;
    }

    static Cause known(Advice sentence) {
        return new Cause(Certainty.KNOWN, sentence, Optional.empty());
    }

    static Cause known(Advice sentence, Advice advice) {
        return new Cause(Certainty.KNOWN, sentence, Optional.of(advice));
    }

    static Cause known(String sentence, Advice advice) {
        return known(Advice.words(sentence), advice);
    }

    static Cause known(String sentence, String advice) {
        return known(sentence, Advice.words(advice));
    }

    private static Cause known(String lead, HandshakeFailure failure, Advice advice) {
        return known(Advice.words(lead).then(Meaning.of(failure)), advice);
    }

    private static Cause open(Advice sentence, Optional<Advice> advice) {
        return new Cause(Certainty.OPEN, sentence, advice);
    }

    /** Returns what is wrong with the client's certificate, if that is known. */
    private static Optional<String> flaw(ClientSettings settings) {
        return Optional.ofNullable(settings.identity())
                .flatMap(identity -> new CertificateChain(identity.chain()).leaf())
                .flatMap(CertificateUsage::clientFlaw);
    }

    private static Cause refused(ClientSettings settings, HandshakeFailure failure) {
        var refused = "the server does not accept the client's certificate (" + failure.cause() + ")";
        return flaw(settings)
                .map(flaw -> known(refused + ": " + flaw,
                        Advice.of("another %s, for that reason", Setting.CLIENT_CERTIFICATE)))
                .orElseGet(() -> known(refused,
                        Advice.of("a %s that one of the server's authorities has issued, and that is valid now",
                                Setting.CLIENT_CERTIFICATE)));
    }
}
