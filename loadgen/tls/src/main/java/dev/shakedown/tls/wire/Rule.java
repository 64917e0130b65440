package dev.shakedown.tls.wire;

import java.util.Locale;

/** A reason for which this side ends a handshake: the one place where reasons meet alerts. */
public sealed interface Rule permits Violation, Refusal {
    /** What to tell the peer. */
    AlertDescription alert();

    /** Where the rule, or the check that found it, is written, such as {@code RFC 8446, 4.1.3}. */
    String reference();

    /** One sentence for people, with places for values. */
    String template();

    /** The name in result files, such as {@code suite_not_offered}; it stays what it is. */
    String label();

    /** The sentence with its values, whatever the machine's language. */
    default String sentence(Object... values) {
        return values.length == 0 ? template() : String.format(Locale.ROOT, template(), values);
    }
}
