package dev.shakedown.trace;

import dev.shakedown.results.Advice;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.trace.Cause.Certainty;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Bisects an offer to find the one thing in it that a server does not tolerate. */
final class Bisection {
    /** Most parts into which a list is cut to leave out one at a time, each in another handshake. */
    private static final int MOST_PARTS = 8;

    private final ClientSettings settings;
    private final Function<ClientSettings, @Nullable Exchange> passing;

    /** @param passing runs a handshake with another offer; {@code null} if the server does not answer it */
    Bisection(ClientSettings settings, Function<ClientSettings, @Nullable Exchange> passing) {
        this.settings = settings;
        this.passing = passing;
    }

    /** Returns the cause; {@code null} if there is no such thing. */
    @Nullable
    Cause cause() {
        var version = cause("protocol version", settings.versions(), ProtocolVersion::label,
                some -> settings.withVersions(some).withSuites(settings.suites().stream()
                        .filter(suite -> some.stream().anyMatch(suite::isOf)).toList()),
                answer -> Optional.ofNullable(answer.version()).map(Diagnosis::version));
        if (version != null) {
            return version;
        }
        var suite = cause("cipher suite", settings.suites(), CipherSuite::name, settings::withSuites,
                answer -> answer.suite() == null ? Optional.empty() : Optional.of(Diagnosis.suite(answer)));
        return suite != null
                ? suite
                : cause("group", settings.groups(), NamedGroup::label, settings::withGroups,
                        answer -> Optional.ofNullable(answer.group()).map(NamedGroup::label).map(Diagnosis::group));
    }

    private <T> @Nullable Cause cause(String what, List<T> offered, Function<T, String> name,
            Function<List<T>, ClientSettings> with, Function<Exchange, Optional<Advice>> advice) {
        // Leaves out a half, a quarter, an eighth: what the server needs must remain.
        for (var parts = 2; parts <= MOST_PARTS && parts < 2 * offered.size(); parts *= 2) {
            var length = (offered.size() + parts - 1) / parts;
            for (var at = 0; at < offered.size(); at += length) {
                var suspects = offered.subList(at, Math.min(offered.size(), at + length));
                var tolerated = offered.stream().filter(each -> !suspects.contains(each)).toList();
                var answer = tolerated.isEmpty() ? null : passing.apply(with.apply(tolerated));
                if (answer != null) {
                    return among(suspects, tolerated, answer, what, offered, name, with, advice);
                }
            }
        }
        return null;
    }

    /**
     * @param tolerated what the server tolerates, as {@code answer} showed, but not together with all {@code suspects}
     */
    private <T> Cause among(List<T> suspects, List<T> tolerated, Exchange answer, String what, List<T> offered,
            Function<T, String> name, Function<List<T>, ClientSettings> with,
            Function<Exchange, Optional<Advice>> advice) {
        if (suspects.size() > 1) {
            var half = suspects.subList(0, suspects.size() / 2);
            var more = offered.stream().filter(each -> tolerated.contains(each) || half.contains(each)).toList();
            var next = passing.apply(with.apply(more));
            return next == null
                    ? among(half, tolerated, answer, what, offered, name, with, advice)
                    : among(suspects.subList(half.size(), suspects.size()), more, next, what, offered, name, with,
                            advice);
        }
        var suspect = suspects.getFirst();
        var rest = offered.size() == tolerated.size() + 1
                ? answer
                : passing.apply(with.apply(offered.stream().filter(each -> each != suspect).toList()));
        var sentence = rest != null
                ? "the server rejects every offer of the " + what + " " + name.apply(suspect)
                        + ", and answers without it"
                : "the server does not tolerate the whole list of " + what + "s, but answers to "
                        + Verdict.few(tolerated.stream().map(name).toList());
        return new Cause(Certainty.KNOWN, Advice.words(sentence), advice.apply(rest != null ? rest : answer));
    }
}
