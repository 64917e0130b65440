package dev.shakedown.trace;

import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.RecordReader;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a ClientHello was rejected for its length rather than its content: some devices in front of servers
 * do not tolerate one of 256 to 511 bytes (RFC 7685, 1), or one that does not fit into a single segment. Lengths are
 * those of the message.
 */
final class HelloLength {
    private static final String LOOK = "check what is in front of the server, such as a load balancer or a firewall";
    /** An extension's type and length. */
    private static final int HEADER = 4;
    /** Lengths from which a ClientHello may be accepted again. */
    private static final int[] STEPS = {512, 1024, 4096, 16_000};

    private final Function<ClientSettings, @Nullable Exchange> passing;
    private final BiPredicate<ClientSettings, Framing> framed;
    private final BooleanSupplier spent;

    /**
     * @param passing runs a handshake with an offer; {@code null} if the server does not answer it
     * @param framed  whether the server answers an offer divided that way
     * @param spent   whether no more handshakes may follow
     */
    HelloLength(Function<ClientSettings, @Nullable Exchange> passing, BiPredicate<ClientSettings, Framing> framed,
            BooleanSupplier spent) {
        this.passing = passing;
        this.framed = framed;
        this.spent = spent;
    }

    /**
     * Returns the cause, if it is the length.
     *
     * @param refused the offer of {@code failed}
     * @param offer   the offer of {@code passed}
     */
    Optional<Cause> cause(ClientSettings refused, Exchange failed, ClientSettings offer, Exchange passed) {
        var failedLength = length(failed);
        var passedLength = length(passed);
        if (failedLength == 0 || passedLength == 0 || Math.abs(failedLength - passedLength) < HEADER
                || spent.getAsBoolean()) {
            return Optional.empty();
        }
        if (failedLength < passedLength) {
            return goesOn(refused, failedLength, passedLength)
                    ? Optional.of(tooShort(refused, failedLength, passedLength))
                    : Optional.empty();
        }
        if (goesOn(offer, passedLength, failedLength) || spent.getAsBoolean()
        // It may be the padding that is not tolerated.
                || !goesOn(offer, passedLength, passedLength + HEADER)) {
            return Optional.empty();
        }
        return Optional.of(split(offer, passedLength, failedLength)
                .orElseGet(() -> tooLong(offer, passedLength, failedLength)));
    }

    /** Returns the length of the first ClientHello; 0 if it was not sent. */
    static int length(Exchange exchange) {
        return exchange.events().stream().takeWhile(event -> !(event instanceof Event.Record record && !record.sent()))
                .mapToInt(event -> event instanceof Event.Record record && record.type() == ContentType.HANDSHAKE
                        ? record.bytes().length - RecordReader.HEADER
                        : 0)
                .sum();
    }

    private boolean goesOn(ClientSettings offer, int unpadded, int padded) {
        return passing
                .apply(offer.withDetails(offer.details().with(Extension.padding(padded - unpadded - HEADER)))) != null;
    }

    private Cause tooShort(ClientSettings refused, int failed, int passed) {
        var first = first(failed, failed, passed, length -> goesOn(refused, failed, length));
        return cause(failed, "the same offer, padded to " + passed + " bytes (RFC 7685), is answered",
                "one of " + first + " is long enough");
    }

    /**
     * Returns the division as the cause, if a short ClientHello is also rejected in two parts: a long one needs several
     * segments, and beyond some length several records.
     */
    private Optional<Cause> split(ClientSettings offer, int passed, int failed) {
        if (!framed.test(offer, Framing.TWO_SEGMENTS)) {
            return Optional.of(inParts(passed, failed, "more than one TCP segment"));
        }
        return failed <= RecordReader.MAX_CONTENT || framed.test(offer, Framing.TWO_RECORDS)
                ? Optional.empty()
                : Optional.of(inParts(passed, failed, "more than one record"));
    }

    private static Cause inParts(int passed, int failed, String parts) {
        return Cause.known("the server, or a device before it, does not accept a ClientHello in " + parts
                + ": one of %d bytes is answered in one piece, but rejected in two, as is one of %d bytes"
                        .formatted(passed, failed),
                LOOK + "; or an offer that is short enough");
    }

    private Cause tooLong(ClientSettings offer, int passed, int failed) {
        if (spent.getAsBoolean()) {
            return cause(failed, proof(failed, passed), "where the limit is was not looked for");
        }
        var first = first(passed, passed, failed, length -> !goesOn(offer, passed, length));
        var again = 0;
        var last = failed;
        for (var step : STEPS) {
            if (step > failed && again == 0 && !spent.getAsBoolean()) {
                if (goesOn(offer, passed, step)) {
                    again = first(passed, last, step, length -> goesOn(offer, passed, length));
                }
                last = step;
            }
        }
        return cause(failed, proof(failed, passed),
                "those of " + first + (again == 0
                        ? " bytes or more are rejected"
                        : " to " + (again - 1)
                                + " bytes are rejected"));
    }

    /**
     * Returns the smallest length for which {@code holds} is true; it is true for {@code high} and false for {@code
     * low}.
     *
     * @param base the length without padding
     */
    private int first(int base, int low, int high, IntPredicate holds) {
        var no = low;
        var yes = high;
        while (yes - no > 1 && !spent.getAsBoolean()) {
            var middle = (no + yes) / 2;
            // Padding adds at least an extension's header.
            if (middle - base >= HEADER && holds.test(middle)) {
                yes = middle;
            } else {
                no = middle;
            }
        }
        return yes;
    }

    private static String proof(int failed, int passed) {
        return "an offer of " + passed + " bytes is answered, but not once it is padded to " + failed + " (RFC 7685)";
    }

    private static Cause cause(int failed, String proof, String limits) {
        return Cause.known("the server, or a device before it, does not accept a ClientHello of " + failed
                + " bytes, whatever is in it: " + proof + "; " + limits,
                LOOK + "; or an offer of another length");
    }
}
