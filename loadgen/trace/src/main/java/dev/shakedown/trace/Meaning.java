package dev.shakedown.trace;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.tls.wire.Rule;

/** Words the meaning of a failure with the settings concerned, which the TLS client itself does not know. */
public final class Meaning {
    private Meaning() {}

    /** Returns the failure's meaning; unchanged if no setting is concerned. */
    public static Advice of(HandshakeFailure failure) {
        return failure.rule().map(rule -> of(failure, rule)).orElseGet(() -> ofAlert(failure));
    }

    private static Advice of(HandshakeFailure failure, Rule rule) {
        var meaning = Advice.words(failure.meaning());
        return switch (rule) {
            case Refusal.CERTIFICATE_UNTRUSTED ->
                meaning.then(Advice.of("; %s names the authority to trust", Setting.AUTHORITY));
            case Refusal.CERTIFICATE_REFUSED_BY_JAVA ->
                meaning.then(Advice.of("; with %s it is not read", Setting.VERIFY.to("none")));
            case Refusal.DH_GROUP_UNUSABLE ->
                meaning.then(Advice.of("; with %s it needs none", Setting.KEY_SHARE.to("base-point")));
            default -> meaning;
        };
    }

    private static Advice ofAlert(HandshakeFailure failure) {
        return switch (failure.byAlert() ? failure.cause() : "") {
            case "unrecognized_name" -> Advice.of("the server does not serve the name in %s", Setting.SERVER_NAME);
            case "no_application_protocol" ->
                Advice.of("the server speaks none of the protocols in %s", Setting.ALPN);
            default -> Advice.words(failure.meaning());
        };
    }
}
