package dev.shakedown.trace;

import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.Session;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handshakes of a scan. One without an answer is repeated after growing pauses, since a server may limit the
 * rate of handshakes. If that does not help, an offer that the server has answered before shows whether it is still
 * there.
 */
final class Prober {
    /** Rate limits mostly apply to one second. */
    private static final long[] PAUSES_MILLIS = {100, 400, 1500};

    /** Thrown if a server that has answered before no longer does. */
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
    /** An offer that the server has answered; {@code null} until there is one. */
    private Exchange.@Nullable Plan answered;
    /** Whether the server has ignored one offer while it still answered another: more patience is then useless. */
    private boolean choosy;
    private int handshakes;
    private int repeated;
    private int unanswered;

    Prober(Target server, long timeoutNanos, Prelude prelude) {
        this.server = server;
        this.timeoutNanos = timeoutNanos;
        this.prelude = prelude;
    }

    /** Returns the number of handshakes so far. */
    int handshakes() {
        return handshakes;
    }

    /** Returns how many of them were repeated, once or several times. */
    int repeated() {
        return repeated;
    }

    /** Returns how many of those never had an answer. */
    int unanswered() {
        return unanswered;
    }

    /** Returns a plan that offers {@code session}, if not {@code null}, and requests a ticket by {@code forTicket}. */
    Exchange.Plan plan(ClientSettings offer, @Nullable Session session, long lingerNanos, byte[] forTicket,
            boolean isForTicket) {
        return new Exchange.Plan(server, new ClientMemory(offer, 1), session, timeoutNanos, lingerNanos, forTicket,
                isForTicket, prelude);
    }

    Exchange run(ClientSettings offer) throws Gone {
        return run(plan(offer, null, 0, new byte[0], true));
    }

    /** @throws Gone if the server does not even answer what it has answered before */
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
                throw new Gone("the server answered at first, and no longer does: " + control.whyNot().meaning());
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
     * Returns how often to repeat a handshake: only once if the server has sent anything, so that it is there, or if it
     * is known to ignore some offers.
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

    /** Whether the server sent any TLS record. */
    static boolean spoke(Exchange exchange) {
        return exchange.records(false).findAny().isPresent();
    }

    /** Whether it ended with neither a completed handshake nor an alert from either side. */
    static boolean isUnanswered(Exchange exchange) {
        return exchange.failure() != null && !exchange.failure().byAlert();
    }
}
