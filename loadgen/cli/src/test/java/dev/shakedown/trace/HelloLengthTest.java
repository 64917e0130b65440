package dev.shakedown.trace;

import static dev.shakedown.trace.Diagnosed.assertCause;
import static dev.shakedown.trace.Diagnosed.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.trace.ChoosyServer.Script;
import dev.shakedown.trace.ChoosyServer.Visit;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that do not bear hellos of some lengths, which must not be laid to what makes a hello longer. */
@Tag("interop")
@Timeout(60)
class HelloLengthTest {
    private static Script bearing(IntPredicate lengths) {
        return bearing(lengths, _ -> true);
    }

    private static Script bearing(IntPredicate lengths, Predicate<Visit> frames) {
        return visit -> {
            if (lengths.test(visit.record().length - 5) && frames.test(visit)) {
                visit.serve();
            } else {
                visit.reset();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--tls 1.2", "--tls 1.3"})
    void hellosOfSomeLengthsAreTooLong(String version) throws Exception {
        var name = "a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + ".example";
        try (var server = new ChoosyServer(bearing(length -> length < 256 || length > 511))) {
            var cause = assertCause("the server, or a device before it, does not accept a ClientHello of ", server,
                    (version + " --sni " + name).trim()).get("cause").asText();
            assertTrue(cause.contains("(RFC 7685)"), cause);
            assertTrue(cause.contains("256 to 511 bytes are rejected") || cause.contains("one of 512 is long enough"),
                    cause);
        }
    }

    @Test
    void longHellosAreTooLong() throws Exception {
        try (var server = new ChoosyServer(bearing(length -> length < 200))) {
            var cause = assertCause("the server, or a device before it, does not accept a ClientHello of ", server, "")
                    .get("cause").asText();
            assertTrue(cause.endsWith("those of 200 bytes or more are rejected"), cause);
        }
    }

    /** A segment of the path's that is no longer than a box that reads one and no more. */
    @Test
    void hellosThatNeedASecondSegmentAreRefusedForThat() throws Exception {
        try (var server = new ChoosyServer(bearing(length -> length < 200, Visit::cameInOneSegment))) {
            var cause = assertCause("the server, or a device before it, does not accept a ClientHello in more than one"
                    + " TCP segment: ", server, "").get("cause").asText();
            assertTrue(cause.contains(" bytes is answered in one piece, but rejected in two, as is one of "), cause);
        }
    }

    /** The box that stays silent is the usual one; what is lost on it takes a timeout each time. */
    @Test
    void longHellosThatAreSwallowedAreToldFromASilentServer() throws Exception {
        try (var server = new ChoosyServer(
                hearing(visit -> visit.cameInOneSegment() && visit.record().length < 1250))) {
            assertCause("the server, or a device before it, does not accept a ClientHello in more than one TCP"
                    + " segment: ",
                    server,
                    "--tls 1.3 --group X25519MLKEM768,x25519 --timeout 700ms");
        }
        try (var server = new ChoosyServer(hearing(visit -> visit.record().length < 1250))) {
            var cause = assertCause("the server, or a device before it, does not accept a ClientHello of ", server,
                    "--tls 1.3 --group X25519MLKEM768,x25519 --timeout 700ms").get("cause").asText();
            assertTrue(cause.endsWith("; where the limit is was not looked for"), cause);
        }
        try (var server = new ChoosyServer(hearing(_ -> false))) {
            var verdict = assertCause("the server fell silent", server,
                    "--tls 1.3 --group X25519MLKEM768,x25519 --timeout 700ms");
            assertEquals(1, verdict.get("probes").asInt(), verdict::toString);
        }
    }

    /** Says nothing to other hellos. */
    private static Script hearing(Predicate<Visit> heard) {
        return visit -> {
            if (heard.test(visit)) {
                visit.serve();
            } else {
                visit.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        };
    }

    @Test
    void whoBearsSegmentsIsNotSaidNotTo() throws Exception {
        try (var server = new ChoosyServer(bearing(length -> length < 200, Visit::cameInOneRecord))) {
            var cause = assertCause("the server, or a device before it, does not accept a ClientHello of ", server, "")
                    .get("cause").asText();
            assertTrue(cause.endsWith("those of 200 bytes or more are rejected"), cause);
        }
    }

    @Test
    void hellosThatNeedASecondRecordAreRefusedForThat() throws Exception {
        var names = IntStream.range(0, 80).mapToObj(i -> "%03d".formatted(i).repeat(80))
                .collect(Collectors.joining(","));
        try (var server = new ChoosyServer(bearing(_ -> true, Visit::cameInOneRecord))) {
            var cause = assertCause(
                    "the server, or a device before it, does not accept a ClientHello in more than one record: ",
                    server, "--alpn " + names).get("cause").asText();
            assertTrue(cause.contains(" bytes is answered in one piece, but rejected in two, as is one of "), cause);
        }
    }

    @Test
    void shortHellosAreTooShort() throws Exception {
        try (var server = new ChoosyServer(bearing(length -> length >= 200))) {
            var cause = assertCause("the server, or a device before it, does not accept a ClientHello of ", server,
                    "--tls 1.2 --cipher TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256").get("cause").asText();
            assertTrue(cause.endsWith("one of 200 is long enough"), cause);
        }
    }

    @Test
    void aSessionThatMakesAHelloTooLongIsNotRefusedForItself() throws Exception {
        var first = new AtomicInteger();
        try (var server = new ChoosyServer(bearing(length -> {
            first.compareAndSet(0, length);
            return length < first.get() + 20;
        }))) {
            var cause = trace(server, 1, "--resume --tls 1.3").get(1).at("/verdict/cause").asText();
            assertTrue(cause.startsWith("the server, or a device before it, does not accept"), cause);
            assertTrue(cause.endsWith("those of " + (first.get() + 20) + " bytes or more are rejected"), cause);
        }
    }
}
