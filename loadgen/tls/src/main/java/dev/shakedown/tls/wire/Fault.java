package dev.shakedown.tls.wire;

import java.util.Objects;

/**
 * A broken rule, with a sentence that says how. It has no stack trace, since a load run against a broken server creates
 * many.
 */
public final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    private final Rule rule;

    /** @param values for the placeholders in the rule's sentence, in order */
    public Fault(Rule rule, Object... values) {
        this(rule, rule.sentence(values));
    }

    private Fault(Rule rule, String sentence) {
        super(sentence, null, false, false);
        this.rule = rule;
    }

    /** Returns this fault with its consequence added to the sentence. */
    public Fault soThat(String consequence) {
        return new Fault(rule, getMessage() + ", so that " + consequence);
    }

    /** Returns the sentence. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Returns the broken rule. */
    public Rule rule() {
        return rule;
    }

    /** Returns the alert to send to the peer. */
    public AlertDescription alert() {
        return rule.alert();
    }
}
