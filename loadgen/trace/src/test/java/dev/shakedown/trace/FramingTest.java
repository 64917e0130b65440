package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a ClientHello is divided into records and segments. */
class FramingTest {
    private static final String HELLO = "1603010007" + "01000003aabbcc";
    private static final String EARLY_DATA = "1703030001ff";

    @Test
    void bytesAreTheSameInOneOrTwoSegments() throws IOException {
        assertEquals(List.of(HELLO + EARLY_DATA), written(Framing.WHOLE));
        assertEquals(List.of("160301000701", "000003aabbcc" + EARLY_DATA), written(Framing.TWO_SEGMENTS));
    }

    @Test
    void twoRecordsHaveTheMessageBetweenThem() throws IOException {
        assertEquals(List.of("1603010003" + "010000" + "1603010004" + "03aabbcc" + EARLY_DATA),
                written(Framing.TWO_RECORDS));
    }

    private static List<String> written(Framing framing) throws IOException {
        var writes = new ArrayList<String>();
        framing.write(HexFormat.of().parseHex(HELLO + EARLY_DATA), new ByteArrayOutputStream() {
            @Override
            public void write(byte[] bytes, int from, int length) {
                writes.add(HexFormat.of().formatHex(bytes, from, from + length));
            }

            @Override
            public void write(byte[] bytes) {
                write(bytes, 0, bytes.length);
            }
        });
        return writes;
    }
}
