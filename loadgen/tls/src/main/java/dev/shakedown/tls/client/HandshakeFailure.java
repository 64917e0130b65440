package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Rule;
import dev.shakedown.tls.wire.Printable;
import java.util.List;
import java.util.Optional;

/**
 * Where and why a handshake failed.
 *
 * @param stage   what was being awaited or made
 * @param sent    whether the client ended the handshake, because the server broke a rule; otherwise the server or the
 *                network did
 * @param cause   the name of an alert, or a transport cause such as {@code connection_reset}
 * @param byAlert whether {@code cause} is an alert
 * @param rule    the rule that the server broke or by which the client refused, if known
 * @param meaning one sentence for people, safe for a terminal
 */
public record HandshakeFailure(Stage stage, boolean sent, String cause, boolean byAlert, Optional<Rule> rule,
        String meaning) {
    private static final List<String> KEYS_DIFFER = List.of("bad_record_mac", "decrypt_error", "decryption_failed");

    /** Makes what the server contributed to the sentence safe for a terminal. */
    public HandshakeFailure {
        meaning = Printable.of(meaning);
    }

    /** Returns a failure of the transport. */
    public static HandshakeFailure ofTransport(Stage stage, String cause, String meaning) {
        return new HandshakeFailure(stage, false, cause, false, Optional.empty(), meaning);
    }

    /** Whether the alert says that the two sides derived different keys. */
    boolean saysKeysDiffer() {
        return byAlert && KEYS_DIFFER.contains(cause);
    }

    /** Returns this failure with its known cause. */
    HandshakeFailure because(Fault known) {
        return new HandshakeFailure(stage, sent, cause, byAlert, Optional.of(known.rule()),
                meaning + ", because " + known.getMessage());
    }

    /** Returns this failure with another sentence. */
    public HandshakeFailure inWords(String other) {
        return new HandshakeFailure(stage, sent, cause, byAlert, rule, other);
    }

    /** Returns this failure at another stage. */
    public HandshakeFailure at(Stage other) {
        return new HandshakeFailure(other, sent, cause, byAlert, rule, meaning);
    }

    /** Returns a failure because the server broke a rule, which the client answers with an alert. */
    static HandshakeFailure of(Stage stage, AlertDescription alert, Fault fault) {
        return new HandshakeFailure(stage, true, alert.label(), true, Optional.of(fault.rule()),
                String.valueOf(fault.getMessage()));
    }

    /**
     * Returns {@code e} if it is a fault, or else a fault for a bug in the client: an exception that escaped would end
     * more than this handshake.
     */
    static Fault fault(Exception e) {
        return e instanceof Fault fault ? fault : new Fault(Refusal.CLIENT_FAULT, ExceptionText.reason(e));
    }

    /**
     * Returns a failure because the server sent an alert.
     *
     * @param identified whether the client has a certificate to present
     */
    static HandshakeFailure of(Stage stage, Alert alert, boolean identified) {
        var label = alert.label();
        var meaning = switch (label) {
            case "close_notify" -> stage == Stage.POST_FINISHED
                    ? "the server closed the connection in an orderly way"
                    : "the server closed the connection in an orderly way before the handshake was complete";
            case "handshake_failure" -> stage == Stage.SERVER_HELLO
                    ? "the server found nothing it accepts in what was offered: usually no common cipher suite or"
                            + " group, or no certificate for the suites offered"
                    : "the server refused to continue the handshake, without saying why";
            case "protocol_version" -> "the server does not speak the TLS version that was offered";
            case "insufficient_security" -> "the server requires stronger cipher suites than were offered";
            case "unrecognized_name" -> "the server has nothing under the name that was requested";
            case "no_application_protocol" -> "the server speaks none of the protocols that were offered";
            case String differing when KEYS_DIFFER.contains(differing) ->
                "the server could not decrypt or verify what the client sent: the two sides derived different keys";
            case "certificate_required", "no_certificate" -> "the server requires a client certificate";
            case "bad_certificate" -> identified
                    ? "the server does not accept the client's certificate"
                    : "the server requires a client certificate";
            case "unknown_ca", "access_denied", "certificate_unknown", "unsupported_certificate",
                    "certificate_expired", "certificate_revoked" ->
                "the server does not accept the client's certificate";
            case "internal_error" -> "the server had an internal error, such as a lack of memory or of entropy";
            default -> "the server ended the handshake with the alert " + label;
        };
        return new HandshakeFailure(stage, false, label, true, Optional.empty(), meaning);
    }
}
