package dev.shakedown.tls.wire;

import java.util.Objects;

/**
 * A rule that the peer broke, with a sentence that says how. It carries no stack trace: a load run against a broken
 * server makes many.
 */
public final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    private final Rule rule;

    /** @param values for the places in the rule's sentence, in order */
    public Fault(Rule rule, Object... values) {
        this(rule, rule.sentence(values));
    }

    private Fault(Rule rule, String sentence) {
        super(sentence, null, false, false);
        this.rule = rule;
    }

    /** The same with what came of it. */
    public Fault soThat(String consequence) {
        return new Fault(rule, getMessage() + ", so that " + consequence);
    }

    /** The sentence. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Which rule it is. */
    public Rule rule() {
        return rule;
    }

    /** What to tell the peer. */
    public AlertDescription alert() {
        return rule.alert();
    }
}
