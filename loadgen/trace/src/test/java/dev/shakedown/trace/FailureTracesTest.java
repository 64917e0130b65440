package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.RunRows.FailureRow;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.tls.wire.ContentType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of failed handshakes, and how much. */
class FailureTracesTest {
    private static final byte[] WARNING = {21, 3, 3, 0, 2};
    private static final HandshakeFailure CLOSED = HandshakeFailure.ofTransport(Stage.SERVER_HELLO,
            "connection_closed", "gone");

    @TempDir
    private Path directory;

    private static void warn(HandshakeObserver observer, int description) {
        observer.record(false, WARNING, ContentType.ALERT, new byte[]{1, (byte) description}, false);
    }

    @Test
    void aFloodOfSmallRecordsIsKeptAtBothEnds() {
        var observer = new FailureRecorder();
        for (var i = 0; i < 1_000_000; i++) {
            warn(observer, 90);
        }
        assertEquals(FailureRecorder.FIRST_RECORDS + FailureRecorder.LAST_RECORDS, observer.keptRecords());
        var trace = observer.trace();
        assertEquals(1_000_000 - observer.keptRecords(), trace.leftOut());
        assertEquals(IntStream.rangeClosed(1, FailureRecorder.FIRST_RECORDS).boxed().toList(),
                trace.first().stream().map(Event.Record::number).toList());
        assertEquals(IntStream.rangeClosed(1_000_001 - FailureRecorder.LAST_RECORDS, 1_000_000).boxed().toList(),
                trace.last().stream().map(Event.Record::number).toList());
    }

    @Test
    void aFloodOfLargeRecordsIsKeptAtBothEnds() {
        var observer = new FailureRecorder();
        warn(observer, 90);
        for (var i = 0; i < 100_000; i++) {
            observer.record(false, new byte[]{23, 3, 3, 0x40, 0}, ContentType.APPLICATION_DATA, new byte[16_384], true);
        }
        assertTrue(observer.keptBytes() <= FailureRecorder.FIRST_BYTES + 16_389, () -> observer.keptBytes() + " bytes");
        var trace = observer.trace();
        assertEquals(1, trace.first().getFirst().number());
        assertEquals(100_001, trace.last().getLast().number());
        assertEquals(100_001, trace.first().size() + trace.leftOut() + trace.last().size());
    }

    /** What follows a gap in a message is not taken for the beginning of one. */
    @Test
    void piecesBehindAGapAreShownAsPieces() {
        var observer = new FailureRecorder();
        for (var i = 0; i < 1000; i++) {
            observer.record(false, new byte[]{22, 3, 3, 0, 1}, ContentType.HANDSHAKE, new byte[]{1}, false);
        }
        warn(observer, 90);
        var last = observer.trace().last();
        assertEquals(List.of(new RecordPart.Piece("piece of a handshake message", 1)), last.getFirst().parts());
        assertTrue(last.getLast().parts().getFirst() instanceof RecordPart.AlertPart);
    }

    @Test
    void howManyAreLeftOutIsSaid() throws IOException {
        var traces = new FailureTraces();
        var observer = traces.next(0);
        for (var i = 0; i < 10_000; i++) {
            warn(observer, 90);
        }
        traces.timedOut(Stage.SERVER_HELLO, observer);
        var text = timeout(traces, "server_hello");
        assertTrue(text.contains("\n9,712 records left out here\n"), text);
        assertEquals(288, text.lines().filter(line -> line.contains("S>C")).count());
        assertTrue(text.lines().toList().getLast()
                .matches("The deadline ended it after \\d+\\.\\d{4} s, at stage server_hello\\."), text);
    }

    /** However many succeeded before, the only one that fails has its trace. */
    @Test
    void theOnlyFailureOfAMillionIsTraced() throws IOException {
        var traces = new FailureTraces();
        for (var i = 0; i < 1_000_000; i++) {
            assertNotNull(traces.next(4096));
        }
        var observer = traces.next(4096);
        warn(observer, 100);
        traces.failed(CLOSED, observer);
        traces.failed(CLOSED, traces.next(1));
        var text = write(traces, "connection_closed", "gone");
        assertTrue(text.contains("no_renegotiation"), text);
        assertTrue(text.contains("connection_closed ended it after "), text);
    }

    /** If there are too many to watch all, some are still watched. */
    @Test
    void ofVeryManyAtOnceSomeAreWatched() throws IOException {
        var traces = new FailureTraces();
        var watched = IntStream.range(0, 10_000).filter(_ -> traces.next(100_000) != null).count();
        assertTrue(watched > 0 && watched < 5_000, () -> watched + " of 10,000");
        traces.failed(CLOSED, null);
        assertTrue(write(traces, "connection_closed", "gone").contains("None of them was watched"));
    }

    @Test
    void failuresThatReadDifferentlyAreTracedEach() throws IOException {
        var traces = new FailureTraces();
        for (var i = 0; i < 1_000; i++) {
            var observer = traces.next(0);
            warn(observer, i == 1 ? 100 : 90);
            traces.failed(HandshakeFailure.ofTransport(Stage.SERVER_HELLO, "transport_error", "kind " + i), observer);
        }
        assertTrue(write(traces, "transport_error", "kind 0").contains("user_canceled"));
        assertTrue(write(traces, "transport_error", "kind 1").contains("no_renegotiation"));
        // The trace of one of them, if results list them together.
        assertTrue(write(traces, "transport_error", "several").contains("S>C"));
    }

    private String write(FailureTraces traces, String cause, String meaning) throws IOException {
        var file = directory.resolve("trace.txt");
        traces.write(file, new FailureRow("server_hello", "received", cause, null, cause, null, 1, meaning), "summary");
        return Files.readString(file);
    }

    private String timeout(FailureTraces traces, String stage) throws IOException {
        var file = directory.resolve("timeout.txt");
        traces.writeTimeout(file, stage, "summary");
        return Files.readString(file);
    }
}
