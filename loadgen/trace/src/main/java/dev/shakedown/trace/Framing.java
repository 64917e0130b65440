package dev.shakedown.trace;

import dev.shakedown.tls.wire.RecordReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * How a ClientHello is divided into records and segments. All ways are valid (RFC 8446, 5.1; RFC 9293, 3.7), but not
 * every server tolerates them.
 */
public enum Framing {
    /** As few records and segments as possible. */
    WHOLE,
    /** One record in two segments, the second of which is sent when there was time to read the first. */
    TWO_SEGMENTS,
    /** Two records, which are sent together. */
    TWO_RECORDS;

    private static final long TIME_TO_READ_MILLIS = 30;
    private static final int LENGTH_AT = 3;

    /** Writes a ClientHello, which early data may follow. */
    void write(byte[] hello, OutputStream out) throws IOException {
        var record = RecordReader.HEADER + contentLength(hello);
        switch (this) {
            case WHOLE -> out.write(hello);
            case TWO_SEGMENTS -> {
                out.write(hello, 0, record / 2);
                Prober.pause(TIME_TO_READ_MILLIS);
                out.write(hello, record / 2, hello.length - record / 2);
            }
            case TWO_RECORDS -> {
                var half = (record - RecordReader.HEADER) / 2;
                var header = Arrays.copyOf(hello, RecordReader.HEADER);
                var split = Arrays.copyOf(hello, hello.length + RecordReader.HEADER);
                setContentLength(split, half);
                System.arraycopy(hello, RecordReader.HEADER + half, split, 2 * RecordReader.HEADER + half,
                        hello.length - RecordReader.HEADER - half);
                setContentLength(header, record - RecordReader.HEADER - half);
                System.arraycopy(header, 0, split, RecordReader.HEADER + half, RecordReader.HEADER);
                out.write(split);
            }
        }
    }

    private static int contentLength(byte[] record) {
        return (record[LENGTH_AT] & 0xff) << 8 | record[LENGTH_AT + 1] & 0xff;
    }

    private static void setContentLength(byte[] record, int length) {
        record[LENGTH_AT] = (byte) (length >> 8);
        record[LENGTH_AT + 1] = (byte) length;
    }
}
