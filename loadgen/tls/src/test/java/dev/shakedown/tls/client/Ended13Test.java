package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.after;
import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.client.Script.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.RecordReader;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS 1.3 servers that send alerts, or close the connection. */
class Ended13Test {
    // Alerts

    /** RFC 8446, 6.1: user_canceled alone ends nothing; before there are keys, it is not encrypted. */
    @TestFactory
    Stream<DynamicTest> userCanceledEndsNothing() {
        return everyStep((kind, step) -> new Tls13Exchange(kind).exchange(before(step, server -> {
            server.alert(Alert.WARNING, AlertDescription.USER_CANCELED);
            server.alert(Alert.WARNING, AlertDescription.USER_CANCELED);
        })).assertDone().assertUsable(), "user_canceled");
    }

    @TestFactory
    Stream<DynamicTest> alertsThatEndItAreNamedAndNotAnswered() {
        return everyStep((kind, step) -> {
            for (var alert : fatal()) {
                if (kind.stage(step) != Stage.POST_FINISHED || alert.description() != 0) {
                    new Tls13Exchange(kind).exchange(instead(step,
                            server -> server.record(ContentType.ALERT, alert.level(), alert.description())))
                            .assertEndedByServer(kind.stage(step), alert.label());
                }
            }
        }, "every alert");
    }

    /** A server that has no keys yet, or other keys than the client, cannot protect its alert. */
    @TestFactory
    Stream<DynamicTest> alertsWithoutKeysAreNamedUpToTheFirstRecordUnderThem() {
        return everyStep((kind, step) -> {
            if (step.compareTo(Step.ENCRYPTED_EXTENSIONS) <= 0) {
                for (var alert : fatal()) {
                    new Tls13Exchange(kind).exchange(instead(step, server -> server.plain(ContentType.ALERT,
                            ScriptedPeer.bytes(alert.level(), alert.description()))))
                            .assertEndedByServer(kind.stage(step), alert.label());
                }
            }
        }, "every alert without keys");
    }

    /** A server that refuses the client's second flight may not have changed its own keys. */
    @TestFactory
    Stream<DynamicTest> alertsAfterFinishedMayBeUnderTheHandshakeKeys() {
        return Stream.of(Kind.values()).map(kind -> DynamicTest.dynamicTest("every alert, " + kind, () -> {
            for (var alert : fatal()) {
                for (var zeros : List.of(0, 1, RecordReader.MAX_CONTENT - 2)) {
                    if (alert.description() != 0) {
                        new Tls13Exchange(kind).exchange(after(Step.FINISHED, server -> {
                            server.keepHandshakeKeys();
                            server.padded(ContentType.ALERT, ScriptedPeer.bytes(alert.level(), alert.description()),
                                    zeros);
                        })).assertEndedByServer(Stage.POST_FINISHED, alert.label());
                    }
                }
            }
        }));
    }

    /** RFC 8446, 5.1. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"FULL", "RESUMED", "EARLY", "ASKED"})
    void anAlertThatEndsTheConnectionMayBreakOffAMessage(Kind kind) {
        for (var step : List.of(Step.SERVER_HELLO, Step.ENCRYPTED_EXTENSIONS, Step.FINISHED)) {
            new Tls13Exchange(kind).exchange(instead(step, server -> {
                server.record(ContentType.HANDSHAKE, due(step), 0);
                server.alert(Alert.FATAL, AlertDescription.INTERNAL_ERROR);
            })).assertEndedByServer(kind.stage(step), "internal_error");
            new Tls13Exchange(kind).exchange(instead(step, server -> {
                server.record(ContentType.HANDSHAKE, due(step), 0);
                server.alert(Alert.WARNING, AlertDescription.USER_CANCELED);
            })).assertEndedByClient(kind.stage(step), AlertDescription.UNEXPECTED_MESSAGE);
        }
    }

    private static List<Alert> fatal() {
        return Stream.concat(Arrays.stream(AlertDescription.values())
                .filter(description -> description != AlertDescription.USER_CANCELED)
                .map(description -> new Alert(Alert.FATAL, description.id())),
                Stream.of(new Alert(Alert.WARNING, 0), new Alert(Alert.FATAL, 251))).toList();
    }

    /** RFC 8446, 6: the level is ignored. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"FULL", "RESUMED", "EARLY", "MIXED"})
    void aWarningIsAsGoodAsFatal(Kind kind) {
        for (var step : List.of(Step.ENCRYPTED_EXTENSIONS, Step.FINISHED, Step.AFTERWARDS)) {
            new Tls13Exchange(kind)
                    .exchange(instead(step, server -> server.alert(Alert.WARNING, AlertDescription.HANDSHAKE_FAILURE)))
                    .assertEndedByServer(kind.stage(step), "handshake_failure");
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeNotifyAfterwardsIsNoFailure(Kind kind) {
        var exchange = new Tls13Exchange(kind).exchange(before(Step.AFTERWARDS, server -> {
            server.alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY);
            server.raw(1, 2, 3);
        })).assertDone();
        assertTrue(exchange.client.closedByServer());
        exchange.client.closeNotify();
        assertEquals(List.of(new Alert(Alert.WARNING, 0)), exchange.server.alerts());
    }

    private static Stream<DynamicTest> everyStep(BiConsumer<Kind, Step> test, String what) {
        return Stream.of(Kind.values()).flatMap(kind -> kind.steps().stream().map(step -> DynamicTest
                .dynamicTest(what + " before " + step + ", " + kind, () -> test.accept(kind, step))));
    }

    // The transport

    @TestFactory
    Stream<DynamicTest> theTransportEndsBeforeAndWithinEveryMessage() {
        return everyStep(Ended13Test::transportEnds, "connection_reset");
    }

    private static void transportEnds(Kind kind, Step step) {
        var between = new Tls13Exchange(kind);
        between.exchange(instead(step, _ -> between.client.transportEnded("connection_reset", "gone")));
        between.assertEndedByServer(kind.stage(step), "connection_reset");
        assertEquals("gone", between.failure().meaning());
        if (step == Step.AFTERWARDS) {
            return;
        }

        var record = new Tls13Exchange(kind);
        record.exchange(instead(step, server -> {
            server.hold();
            server.record(ContentType.HANDSHAKE, due(step));
            var bytes = server.held();
            server.raw(Arrays.copyOf(bytes, bytes.length - 1));
            record.client.transportEnded("connection_reset", "gone");
        }));
        record.assertEndedByServer(kind.stage(step), "connection_reset");
        assertEquals("gone, in the middle of a message", record.failure().meaning());

        var message = new Tls13Exchange(kind);
        message.exchange(instead(step, server -> {
            server.record(ContentType.HANDSHAKE, due(step));
            message.client.transportEnded("connection_reset", "gone");
        }));
        message.assertEndedByServer(kind.stage(step), "connection_reset");
        assertEquals("gone, in the middle of a message", message.failure().meaning());
    }

    /** Returns the type of the message that is due at this step. */
    private static int due(Step step) {
        return switch (step) {
            case HELLO_RETRY_REQUEST, SERVER_HELLO -> 2;
            case CHANGE_CIPHER_SPEC, ENCRYPTED_EXTENSIONS -> 8;
            case CERTIFICATE_REQUEST -> 13;
            case CERTIFICATE -> 11;
            case CERTIFICATE_VERIFY -> 15;
            case FINISHED -> 20;
            case NEW_SESSION_TICKET, AFTERWARDS -> 4;
        };
    }
}
