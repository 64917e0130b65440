package dev.shakedown.report;

import dev.shakedown.results.Advice;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.SessionYield;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** The sentences of reports about sessions, tickets, and what else the client offered. */
public final class SessionWords {
    /** Share of missing tickets that needs no remark: a run asks a server now and then whether it still issues none. */
    private static final double SOME_MISSING = 0.05;

    private SessionWords() {}

    /**
     * Says that a mix needs more sessions than the server issues, with the arithmetic and what to do; empty if it does
     * not.
     *
     * @param full    weight of full handshakes in the mix
     * @param resumed weight of resumed ones
     */
    public static Optional<Advice> shortage(SessionYield sessions, int full, int resumed) {
        var wanted = (double) resumed / (full + resumed);
        var most = sessions.mostShare();
        // With nothing but resumption asked for, the handshakes that begin without a session are the full ones.
        if (resumed == 0 || wanted <= most + 1e-9) {
            return Optional.empty();
        }
        if (sessions.perFull() == 0 && sessions.perResumed() == 0) {
            return Optional.of(Advice
                    .words("the server issues no session that could be offered to it, so nothing can be resumed"));
        }
        return Optional.of(Advice.words("the server issues " + number(sessions.perFull()) + " per full handshake and "
                + (sessions.perResumed() == 0 ? "none" : String.valueOf(sessions.perResumed()))
                + " per resumed one, and each is"
                + " offered " + (sessions.uses() == 1 ? "once" : sessions.uses() + " times") + ": at most "
                + share(most) + " handshakes can be resumed, but the mix asks for " + share(wanted) + "; ")
                .then(remedy(sessions, wanted)));
    }

    private static String number(int sessions) {
        return sessions + (sessions == 1 ? " session" : " sessions");
    }

    private static Advice remedy(SessionYield sessions, double wanted) {
        var uses = sessions.usesFor(wanted);
        var full = sessions.uses() * sessions.perFull();
        var mix = sessions.uses() * sessions.perResumed() >= 1
                ? Optional.<Advice>empty()
                : Optional.of(Advice.of("ask for %s", Setting.MIX.to("full=1,resumed=" + full)));
        if (uses == 0) {
            return mix.orElse(Advice.words("ask for fewer resumed ones"));
        }
        var offer = Advice.of("offer each " + uses + " times with %s",
                Setting.RESUME_USES.to(Integer.toString(uses)));
        return mix.map(asked -> Advice.join(List.of(offer, asked), ", or ")).orElse(offer);
    }

    /** Returns a simple fraction, such as {@code 2 of 3}, if the share is one, else a percentage. */
    private static String share(double share) {
        for (var whole = 1; whole <= 12; whole++) {
            var part = Math.round(share * whole);
            if (Math.abs(share - (double) part / whole) < 1e-4) {
                return part + " of " + whole;
            }
        }
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Says why many handshakes began without a session, for the top of a report; empty if few did. */
    static Optional<Advice> priming(RunResult result) {
        var resumption = result.resumption();
        if (!resumption.tooMuchPriming()) {
            return Optional.empty();
        }
        var mix = result.plan().shape().mix();
        var had = Units.count(resumption.priming()) + " of " + Units.count(resumption.asked())
                + " handshakes that were to resume had no session to offer and were done in full (priming)";
        var yield = result.sessions() == null ? null : result.sessions().yield();
        var why = yield == null ? Optional.<Advice>empty() : shortage(yield, mix.full(), mix.resumed());
        if (why.isPresent()) {
            return Optional.of(Advice.words(had + ": ").then(why.get()).then(Advice.words(".")));
        }
        return Optional
                .of(Advice.words(had + ", so this was not the mix that was asked for; the cause is the generator, not"
                        + " the server").then(result.plan().shape().warmupSeconds() > 0
                                ? Advice.words(".")
                                : Advice.of(": with %s it collects sessions first.", Setting.WARMUP)));
    }

    /** Says what trials have shown about how the server keeps sessions; empty if nothing. */
    public static Optional<Advice> closure(RunResult result) {
        var found = result.sessions() == null ? null : result.sessions().closure();
        if (found == null) {
            return Optional.empty();
        }
        var reset = "rst".equals(result.plan().connection().close());
        return switch (found) {
            case "reset_forgets" -> Optional.of(reset
                    ? Advice.of(
                            "the server forgets a session that it keeps under an ID when its connection is reset: it"
                                    + " declined " + Units.count(result.resumption().declined())
                                    + ", but resumed those whose connection had ended with close_notify; leave out %s",
                            Setting.CLOSE.to("rst"))
                    : Advice.words(
                            "the server forgets a session that it keeps under an ID when its connection is reset,"
                                    + " so these connections were ended with close_notify"));
            case "declined_anyway" -> Optional.of(Advice
                    .words("the server declines sessions by their ID even if the connection ended with close_notify"));
            default -> Optional.empty();
        };
    }

    /** Returns remarks about tickets, each the end of a sentence. */
    public static List<Advice> tickets(RunResult result) {
        var words = new ArrayList<Advice>();
        var sessions = result.sessions();
        if (sessions != null && sessions.ticketsBeforeFinished() > 0) {
            words.add(Advice.words("in " + Units.count(sessions.ticketsBeforeFinished(), "handshake")
                    + " a ticket came before the client's Finished was sent, so it does not show that the server"
                    + " accepted the Finished"));
        }
        if (sessions != null) {
            for (var row : sessions.unusableTickets()) {
                words.add(Advice.words(
                        Units.count(row.count(), "ticket") + " could not be offered later: " + switch (row.reason()) {
                            case "no_lifetime" -> "their lifetime is 0";
                            case "too_large" -> "they are too large for a ClientHello";
                            default -> row.reason();
                        }));
            }
        }
        var tickets = result.tickets();
        if (tickets == null || tickets.missing() == 0) {
            return words;
        }
        if (tickets.missing() == tickets.awaited() && "ke".equals(result.plan().pskMode())) {
            words.add(Advice.of("the server issues none to a client that offers only %s",
                    Setting.PSK_MODE.to("ke")));
        }
        if ("finished".equals(result.plan().ending().completeOn())
                && !"notify".equals(result.plan().connection().close())
                && !areOfResumed(result) && tickets.missing() > SOME_MISSING * tickets.awaited()) {
            words.add(Advice.of("where none came, nothing shows that the server accepted the client's Finished before"
                    + " the reset that followed it: some servers log that as a failure, which %s avoids",
                    Setting.CLOSE.to("notify")));
        }
        return words;
    }

    /** Whether the missing tickets belong to resumed handshakes, for which this server issues none. */
    private static boolean areOfResumed(RunResult result) {
        var yield = result.sessions() == null ? null : result.sessions().yield();
        return yield != null && yield.perFull() > 0 && yield.perResumed() == 0;
    }

    /** Says what became of the client certificate, ALPN and the requested name, where that needs a remark. */
    public static List<String> offers(RunResult result) {
        var words = new ArrayList<String>();
        var offers = result.offers();
        if (offers == null) {
            return words;
        }
        var certificate = offers.clientCertificate();
        if (certificate != null) {
            var all = certificate.shown() + certificate.notAsked() + certificate.noneFits();
            if (certificate.notAsked() > 0) {
                words.add("client certificate: the server never asked for it in " + of(certificate.notAsked(), all)
                        + " full handshakes");
            }
            if (certificate.noneFits() > 0) {
                words.add("client certificate: its key cannot make the signatures that the server asked for in "
                        + of(certificate.noneFits(), all) + " full handshakes");
            }
        }
        var alpn = offers.alpn();
        if (alpn != null) {
            var chosen = new StringJoiner(", ");
            alpn.chosen().forEach(row -> chosen.add(row.protocol() + " in " + Units.count(row.count())));
            words.add("ALPN: of " + String.join(", ", result.plan().offer().alpn()) + " the server chose "
                    + (alpn.chosen().isEmpty() ? "" : chosen + " handshakes" + (alpn.notChosen() > 0 ? ", " : ""))
                    + (alpn.notChosen() > 0
                            ? "none in " + of(alpn.notChosen(), result.outcomes().completed()) + " handshakes"
                            : ""));
        }
        var name = offers.serverName();
        if (name != null && name.notBorne() > 0) {
            words.add("name: the server's certificate does not contain the requested name ("
                    + (result.plan().offer().sni() == null ? "the target's" : result.plan().offer().sni()) + ") in "
                    + of(name.notBorne(), name.borne() + name.notBorne()) + " full handshakes");
        }
        return words;
    }

    private static String of(long part, long whole) {
        return Units.count(part) + " of " + Units.count(whole);
    }
}
