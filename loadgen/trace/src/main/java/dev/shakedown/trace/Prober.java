package dev.shakedown.trace;

import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.Session;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does the handshakes of a scan. What gets no answer is tried again, after pauses that grow, since a server may limit
 * how often it is asked. Where that does not help, an offer that it has answered before shows whether it is there at
 * all.
 */
final class Prober {
    /** Limits are mostly counted by the second. */
    private static final long[] PAUSES_MILLIS = {100, 400, 1500};

    /** The server that has answered does so no more. */
    static final class Gone extends Exception {
        private static final long serialVersionUID = 1;

        private Gone(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    private final Target server;
    private final long timeoutNanos;
    private final Prelude prelude;
    /** An offer that the server has answered; {@code null} before there is one. */
    private Exchange.@Nullable Plan answered;
    /** It has answered again while it left something else without an answer: more patience is of no use there. */
    private boolean choosy;
    private int handshakes;
    private int repeated;
    private int unanswered;

    Prober(Target server, long timeoutNanos, Prelude prelude) {
        this.server = server;
        this.timeoutNanos = timeoutNanos;
        this.prelude = prelude;
    }

    /** How many there were so far. */
    int handshakes() {
        return handshakes;
    }

    /** How many were done once more, or several times. */
    int repeated() {
        return repeated;
    }

    /** How many of those never had an answer. */
    int unanswered() {
        return unanswered;
    }

    /** A plan that offers {@code session}, which may be {@code null}, and asks for a ticket by {@code forTicket}. */
    Exchange.Plan plan(ClientSettings offer, @Nullable Session session, long lingerNanos, byte[] forTicket,
            boolean isForTicket) {
        return new Exchange.Plan(server, new ClientMemory(offer, 1), session, timeoutNanos, lingerNanos, forTicket,
                isForTicket, prelude);
    }

    Exchange run(ClientSettings offer) throws Gone {
        return run(plan(offer, null, 0, new byte[0], true));
    }

    /** @throws Gone when the server does not answer what it has answered before, either */
    Exchange run(Exchange.Plan plan) throws Gone {
        var exchange = patiently(plan);
        if (!isUnanswered(exchange)) {
            if (answered == null) {
                answered = plan;
            }
            return exchange;
        }
        unanswered++;
        if (!spoke(exchange) && answered != null) {
            var control = patiently(answered);
            if (!spoke(control) && isUnanswered(control)) {
                throw new Gone("the server answered at first, and does so no more: " + control.whyNot().meaning());
            }
            choosy |= exchange.whyNot().cause().equals("timeout");
        }
        return exchange;
    }

    private Exchange patiently(Exchange.Plan plan) {
        handshakes++;
        var exchange = Exchange.run(plan, _ -> {});
        for (var i = 0; isUnanswered(exchange) && i < tries(exchange); i++) {
            repeated += i == 0 ? 1 : 0;
            pause(PAUSES_MILLIS[i]);
            handshakes++;
            exchange = Exchange.run(plan, _ -> {});
        }
        return exchange;
    }

    /**
     * A server that spoke is there, and one that is known to leave such things alone will not mind being asked again.
     */
    private int tries(Exchange exchange) {
        return spoke(exchange) || choosy && exchange.whyNot().cause().equals("timeout") ? 1 : PAUSES_MILLIS.length;
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the server sent anything in TLS. */
    static boolean spoke(Exchange exchange) {
        return exchange.records(false).findAny().isPresent();
    }

    /** Whether it ended neither by the handshake's end nor by an alert of either side. */
    static boolean isUnanswered(Exchange exchange) {
        return exchange.failure() != null && !exchange.failure().byAlert();
    }
}
