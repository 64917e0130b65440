package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.after;
import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.wire.AlertDescription.BAD_RECORD_MAC;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.DECRYPT_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.PROTOCOL_VERSION;
import static dev.shakedown.tls.wire.AlertDescription.RECORD_OVERFLOW;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;

import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.RecordReader;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Servers that break a rule once their keys are in use, with every kind of record protection. */
class BrokenFinishedTest {
    private static final Kind[] KINDS = {Kind.RSA, Kind.CBC, Kind.CHACHA, Kind.ECDHE_ECDSA, Kind.BY_ID,
        Kind.BY_TICKET, Kind.DHE, Kind.TLS11, Kind.TLS11_NULL, Kind.TLS11_DHE_VERIFIED, Kind.TLS11_BY_ID,
        Kind.TLS10, Kind.TLS10_RC4, Kind.TLS10_VERIFIED, Kind.TLS10_BY_TICKET, Kind.SSL3, Kind.SSL3_RC4,
        Kind.SSL3_DHE_VERIFIED, Kind.SSL3_BY_ID};

    record Row(String name, Stage stage, AlertDescription alert, Script<Step, ScriptedServer> script) {}

    static Stream<Row> rows() {
        var finished = Stage.SERVER_FINISHED;
        var afterwards = Stage.POST_FINISHED;
        return Stream.of(
                new Row("wrong Finished", finished, DECRYPT_ERROR, finished(f -> tampered(f, 0))),
                new Row("wrong end of Finished", finished, DECRYPT_ERROR, finished(f -> tampered(f, 11))),
                new Row("Finished of 11 bytes", finished, DECODE_ERROR, finished(f -> Arrays.copyOf(f, 11))),
                new Row("Finished of 13 bytes", finished, DECODE_ERROR, finished(f -> Arrays.copyOf(f, 13))),
                new Row("empty Finished", finished, DECODE_ERROR, finished(_ -> new byte[0])),
                new Row("Finished changed on the way", finished, BAD_RECORD_MAC, onTheWay(record -> {
                    record[record.length - 1] ^= 1;
                    return record;
                })),
                new Row("Finished changed at its first byte", finished, BAD_RECORD_MAC, onTheWay(record -> {
                    record[RecordReader.HEADER + 16] ^= 1;
                    return record;
                })),
                new Row("Finished as another content", finished, BAD_RECORD_MAC, onTheWay(record -> {
                    record[0] = (byte) ContentType.APPLICATION_DATA.id();
                    return record;
                })),
                new Row("Finished in a record of another version", finished, PROTOCOL_VERSION, onTheWay(record -> {
                    record[2] = (byte) (record[2] == 2 ? 3 : 2);
                    return record;
                })),
                new Row("Finished without keys", finished, BAD_RECORD_MAC, instead(Step.FINISHED, server -> server
                        .plain(ContentType.HANDSHAKE, ScriptedServer.encoded(server.finished())))),
                new Row("Finished under the client's keys", finished, BAD_RECORD_MAC,
                        instead(Step.FINISHED, server -> server.sealed(server.keys().client(), ContentType.HANDSHAKE,
                                ScriptedServer.encoded(server.finished())))),
                new Row("ChangeCipherSpec twice, without keys", finished, BAD_RECORD_MAC, before(Step.FINISHED,
                        server -> server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[]{1}))),
                new Row("ChangeCipherSpec twice, under the keys", finished, UNEXPECTED_MESSAGE, before(Step.FINISHED,
                        server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1))),
                new Row("ServerHelloDone instead of Finished", finished, UNEXPECTED_MESSAGE,
                        before(Step.FINISHED, server -> server.send(new ServerHelloDone()))),
                new Row("application data before Finished", finished, UNEXPECTED_MESSAGE,
                        before(Step.FINISHED, server -> server.record(ContentType.APPLICATION_DATA, 'x'))),
                new Row("empty handshake record under the keys", finished, UNEXPECTED_MESSAGE,
                        before(Step.FINISHED, server -> server.record(ContentType.HANDSHAKE))),
                new Row("record without a fragment", finished, BAD_RECORD_MAC,
                        before(Step.FINISHED, server -> server.raw(22, 3, server.version & 0xff, 0, 0))),
                new Row("record of 2^14 + 2049 bytes", finished, RECORD_OVERFLOW,
                        before(Step.FINISHED, server -> server.raw(22, 3, server.version & 0xff, 0x48, 1))),
                new Row("content of 2^14 + 1 bytes", finished, RECORD_OVERFLOW, before(Step.FINISHED,
                        server -> server.record(ContentType.HANDSHAKE, new byte[RecordReader.MAX_CONTENT + 1]))),
                new Row("Finished of 16 MB", finished, ILLEGAL_PARAMETER, before(Step.FINISHED,
                        server -> server.record(ContentType.HANDSHAKE, 20, 0xff, 0xff, 0xff))),
                new Row("garbage before Finished", finished, UNEXPECTED_MESSAGE,
                        before(Step.FINISHED, server -> server.raw(0, 1, 2, 3, 4))),
                // RFC 5246, 7.4.9: it is the last one.
                new Row("first byte of another message in Finished's record", finished, UNEXPECTED_MESSAGE,
                        instead(Step.FINISHED, server -> server.send(server.finished(), new byte[]{4}))),
                new Row("malformed ClientHello after Finished", afterwards, UNEXPECTED_MESSAGE,
                        after(Step.FINISHED, server -> server.record(ContentType.HANDSHAKE, 1, 0, 0, 1, 0))),
                new Row("more of the handshake in Finished's record", finished, UNEXPECTED_MESSAGE,
                        instead(Step.FINISHED, server -> server.send(server.finished(),
                                ScriptedServer.encoded(new ServerHelloDone())))),
                new Row("Finished twice", afterwards, UNEXPECTED_MESSAGE,
                        after(Step.FINISHED, server -> server.send(server.finished()))),
                new Row("ticket after Finished", afterwards, UNEXPECTED_MESSAGE,
                        after(Step.FINISHED, server -> server.honest(Step.NEW_SESSION_TICKET))),
                new Row("ChangeCipherSpec after Finished", afterwards, UNEXPECTED_MESSAGE,
                        after(Step.FINISHED, server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1))),
                new Row("garbage after Finished", afterwards, UNEXPECTED_MESSAGE,
                        after(Step.FINISHED, server -> server.raw(0xff))),
                new Row("application data without keys", afterwards, BAD_RECORD_MAC,
                        after(Step.FINISHED, server -> server.plain(ContentType.APPLICATION_DATA, new byte[200]))));
    }

    @TestFactory
    Stream<DynamicTest> isToldWhichRuleItBroke() {
        return rows().flatMap(row -> Arrays.stream(KINDS).map(kind -> DynamicTest.dynamicTest(row.name + ", " + kind,
                () -> new Tls12Exchange(kind).exchange(row.script).assertEndedByClient(row.stage, row.alert))));
    }

    private static Script<Step, ScriptedServer> finished(UnaryOperator<byte[]> change) {
        return instead(Step.FINISHED,
                server -> server.send(new Finished(change.apply(server.finished().verifyData()))));
    }

    /** The honest Finished, with its record changed. */
    private static Script<Step, ScriptedServer> onTheWay(UnaryOperator<byte[]> change) {
        return instead(Step.FINISHED, server -> server.raw(change
                .apply(server.next(ContentType.HANDSHAKE, ScriptedServer.encoded(server.finished())))));
    }

    private static byte[] tampered(byte[] bytes, int at) {
        var changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }
}
