package dev.shakedown.tls.wire;

import java.util.Locale;

/** A reason for which the client ends a handshake; the only place where reasons are mapped to alerts. */
public sealed interface Rule permits Violation, Refusal {
    /** Returns the alert to send to the peer. */
    AlertDescription alert();

    /** Returns where the rule or check is specified, such as {@code RFC 8446, 4.1.3}. */
    String reference();

    /** Returns one sentence for people, with placeholders for values. */
    String template();

    /** Returns the name in result files, such as {@code suite_not_offered}; it never changes. */
    String label();

    /** Returns the sentence with its values, independent of the machine's locale. */
    default String sentence(Object... values) {
        return values.length == 0 ? template() : String.format(Locale.ROOT, template(), values);
    }
}
