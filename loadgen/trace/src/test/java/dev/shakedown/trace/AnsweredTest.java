package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.ServerHello;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsweredTest {
    /** A ServerHello of TLS 1.2, of TLS 1.1, which was not offered, and of an unknown version. */
    @ParameterizedTest
    @CsvSource({"0x0303, true", "0x0302, false", "0x0305, false", "0x7f1c, false"})
    void aServerAnswersWithAVersionThatWasOffered(int version, boolean answered) {
        var hello = new ServerHello(version, new byte[32], new byte[0], 0x9c, 0, List.of());
        var record = new Event.Record(1, 1, false, new byte[5], ContentType.HANDSHAKE, false,
                List.of(new RecordPart.Handshake(hello)));
        var exchange = new Exchange(List.of(record), Map.of(), Map.of(), List.of(), null, null, null, null, false,
                false, EarlyData.NOT_OFFERED);
        assertEquals(answered, Diagnosis.answered(exchange, CauseTest.SETTINGS));
    }
}
