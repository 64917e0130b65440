package dev.shakedown.tls.wire;

/**
 * A rule that the peer broke, as a sentence, with the alert that answers it. This pairing is the one place where faults
 * meet alerts. It carries no stack trace: a load run against a broken server makes many.
 */
public final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    private final AlertDescription alert;

    public Fault(AlertDescription alert, String sentence) {
        super(sentence, null, false, false);
        this.alert = alert;
    }

    /** What to tell the peer. */
    public AlertDescription alert() {
        return alert;
    }
}
