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
 * @param stage   what was awaited or made
 * @param sent    whether we ended it, because the server broke a rule; else the server or the network did
 * @param cause   the alert's name, or the transport's such as {@code connection_reset}
 * @param byAlert whether {@code cause} is an alert
 * @param rule    what the server broke, or this client refuses, as far as it is known
 * @param meaning one sentence for people, fit for a terminal
 */
public record HandshakeFailure(Stage stage, boolean sent, String cause, boolean byAlert, Optional<Rule> rule,
        String meaning) {
    private static final List<String> KEYS_DIFFER = List.of("bad_record_mac", "decrypt_error", "decryption_failed");

    /** Whatever the server said of it is made fit for a terminal. */
    public HandshakeFailure {
        meaning = Printable.of(meaning);
    }

    /** The transport ended it. */
    public static HandshakeFailure ofTransport(Stage stage, String cause, String meaning) {
        return new HandshakeFailure(stage, false, cause, false, Optional.empty(), meaning);
    }

    /** Whether an alert says that both sides came to different keys. */
    boolean saysKeysDiffer() {
        return byAlert && KEYS_DIFFER.contains(cause);
    }

    /** The same with what is known of the cause. */
    HandshakeFailure because(Fault known) {
        return new HandshakeFailure(stage, sent, cause, byAlert, Optional.of(known.rule()),
                meaning + ", because " + known.getMessage());
    }

    /** The same in other words. */
    public HandshakeFailure inWords(String other) {
        return new HandshakeFailure(stage, sent, cause, byAlert, rule, other);
    }

    /** The same at another stage. */
    public HandshakeFailure at(Stage other) {
        return new HandshakeFailure(other, sent, cause, byAlert, rule, meaning);
    }

    /** The server broke a rule, and we answer with an alert. */
    static HandshakeFailure of(Stage stage, AlertDescription alert, Fault fault) {
        return new HandshakeFailure(stage, true, alert.label(), true, Optional.of(fault.rule()),
                String.valueOf(fault.getMessage()));
    }

    /**
     * A rule that the server broke, or what ends a handshake over which the client itself stumbles: nothing of it may
     * get out of the client, where it would end more than this handshake.
     */
    static Fault fault(Exception e) {
        return e instanceof Fault fault ? fault : new Fault(Refusal.CLIENT_FAULT, ExceptionText.reason(e));
    }

    /**
     * The server ended it with an alert.
     *
     * @param identified whether the client has a certificate to show
     */
    static HandshakeFailure of(Stage stage, Alert alert, boolean identified) {
        var label = alert.label();
        var meaning = switch (label) {
            case "close_notify" -> stage == Stage.POST_FINISHED
                    ? "the server closed the connection in an orderly way"
                    : "the server closed the connection in an orderly way before the handshake was done";
            case "handshake_failure" -> stage == Stage.SERVER_HELLO
                    ? "the server found nothing it accepts in what was offered: mostly no common cipher suite or group,"
                            + " or no certificate for the suites offered"
                    : "the server would not go on with the handshake, without saying why";
            case "protocol_version" -> "the server does not speak the TLS version that was offered";
            case "insufficient_security" -> "the server asks for stronger cipher suites than were offered";
            case "unrecognized_name" -> "the server has nothing under the name that it was asked for";
            case "no_application_protocol" -> "the server speaks none of the protocols that were offered";
            case String differing when KEYS_DIFFER.contains(differing) ->
                "the server could not make sense of what we encrypted: both sides came to different keys";
            case "certificate_required", "no_certificate" -> "the server wants a client certificate";
            case "bad_certificate" -> identified
                    ? "the server does not accept the client's certificate"
                    : "the server wants a client certificate";
            case "unknown_ca", "access_denied", "certificate_unknown", "unsupported_certificate",
                    "certificate_expired", "certificate_revoked" ->
                "the server does not accept the client's certificate";
            case "internal_error" -> "the server had a fault of its own, often a lack of memory or of entropy";
            default -> "the server ended the handshake with the alert " + label;
        };
        return new HandshakeFailure(stage, false, label, true, Optional.empty(), meaning);
    }
}
