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
 * Tells whether a ClientHello was refused for its length and not for what is in it: some boxes before servers do not
 * bear hellos of 256 to 511 bytes (RFC 7685, 1), or such as do not fit into one segment. Lengths are those of the
 * message.
 */
final class HelloLength {
    private static final String LOOK = "see what stands before the server, such as a load balancer or a firewall";
    /** An extension's type and length. */
    private static final int HEADER = 4;
    /** Where a hello may be long enough again, or long enough to be refused no more. */
    private static final int[] STEPS = {512, 1024, 4096, 16_000};

    private final Function<ClientSettings, @Nullable Exchange> passing;
    private final BiPredicate<ClientSettings, Framing> framed;
    private final BooleanSupplier spent;

    /**
     * @param passing the handshake with an offer, if the server answers that; else {@code null}
     * @param framed  whether the server answers an offer that goes out so
     * @param spent   whether there were so many handshakes that none may follow
     */
    HelloLength(Function<ClientSettings, @Nullable Exchange> passing, BiPredicate<ClientSettings, Framing> framed,
            BooleanSupplier spent) {
        this.passing = passing;
        this.framed = framed;
        this.spent = spent;
    }

    /**
     * The cause, if it is the length.
     *
     * @param refused with which {@code failed} was refused
     * @param offer   with which {@code passed} went on
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
        // It may be the padding that is not borne.
                || !goesOn(offer, passedLength, passedLength + HEADER)) {
            return Optional.empty();
        }
        return Optional.of(split(offer, passedLength, failedLength)
                .orElseGet(() -> tooLong(offer, passedLength, failedLength)));
    }

    /** What the first ClientHello's records hold; 0 if it never left. */
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
        return cause(failed, "the same offer, padded to " + passed + " bytes (RFC 7685), goes on",
                "one of " + first + " is long enough");
    }

    /**
     * What is long comes in several segments, beyond some length in several records too: whether one that is short is
     * refused as well when it comes so.
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
        return Cause.known("the server, or a box before it, does not bear a ClientHello in " + parts
                + ": one of %d bytes goes on in one piece, and is refused in two, as one of %d bytes is"
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
                        ? " bytes and more are refused"
                        : " to " + (again - 1)
                                + " bytes are refused"));
    }

    /**
     * The least length of which {@code holds} is true, which it is of {@code high} and not of {@code low}.
     *
     * @param base length of what is padded
     */
    private int first(int base, int low, int high, IntPredicate holds) {
        var no = low;
        var yes = high;
        while (yes - no > 1 && !spent.getAsBoolean()) {
            var middle = (no + yes) / 2;
            // Nothing less than an extension's header can be added.
            if (middle - base >= HEADER && holds.test(middle)) {
                yes = middle;
            } else {
                no = middle;
            }
        }
        return yes;
    }

    private static String proof(int failed, int passed) {
        return "an offer of " + passed + " bytes goes on, and does not once it is padded to " + failed + " (RFC 7685)";
    }

    private static Cause cause(int failed, String proof, String limits) {
        return Cause.known("the server, or a box before it, does not bear a ClientHello of " + failed
                + " bytes, whatever is in it: " + proof + "; " + limits,
                LOOK + "; or an offer of another length");
    }
}
