package dev.shakedown.trace;

import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.tls.wire.ContentType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the messages of one handshake in a load. It is cheap enough for every handshake: nothing is decoded until
 * somebody reads it. Of a flood it keeps the beginning and the end. Not thread-safe.
 */
final class FailureRecorder implements HandshakeObserver {
    /** More than a handshake needs, even with large certificates or small records. */
    static final int FIRST_RECORDS = 256;
    static final int FIRST_BYTES = 1 << 15;
    static final int LAST_RECORDS = 32;
    static final int LAST_BYTES = 1 << 13;

    /** @param content the plaintext; {@code null} if the record could not be decrypted */
    private record Note(long nanos, int number, boolean sent, byte[] header, ContentType type,
            byte @Nullable [] content,
            boolean isProtected) {
        int bytes() {
            return header.length + (content == null ? 0 : content.length);
        }
    }

    /**
     * The records that were kept, decoded.
     *
     * @param leftOut number of records omitted between the first and the last
     */
    record Trace(List<Event.Record> first, int leftOut, List<Event.Record> last) {}

    private final long begunNanos = System.nanoTime();
    private final List<Note> first = new ArrayList<>();
    private int firstBytes;
    /** {@code null} until the room for the first records is used up. */
    private @Nullable Deque<Note> last;
    private int lastBytes;
    private int count;
    private boolean messagesLost;
    private long endedNanos;

    @Override
    public boolean wantsAll() {
        return false;
    }

    @Override
    public void record(boolean sent, byte[] header, ContentType type, byte @Nullable [] content, boolean isProtected) {
        var note = new Note(System.nanoTime() - begunNanos, ++count, sent, header, type, content, isProtected);
        if (last == null && first.size() < FIRST_RECORDS && firstBytes + note.bytes() <= FIRST_BYTES) {
            first.add(note);
            firstBytes += note.bytes();
            return;
        }
        if (last == null) {
            last = new ArrayDeque<>();
        }
        last.add(note);
        lastBytes += note.bytes();
        while (last.size() > LAST_RECORDS || lastBytes > LAST_BYTES && last.size() > 1) {
            var lost = last.remove();
            lastBytes -= lost.bytes();
            messagesLost |= lost.type == ContentType.HANDSHAKE;
        }
    }

    @Override
    public void secret(String label, byte[] secret) {
        // not part of a load's trace
    }

    /** Called when the handshake has ended. */
    void end() {
        endedNanos = System.nanoTime() - begunNanos;
    }

    /** Returns how long it took from the request to connect, in seconds. */
    double seconds() {
        return endedNanos / 1e9;
    }

    int keptRecords() {
        return first.size() + (last == null ? 0 : last.size());
    }

    int keptBytes() {
        return firstBytes + lastBytes;
    }

    Trace trace() {
        var dissector = new Dissector();
        var beginning = first.stream().map(note -> event(note, dissector)).toList();
        var end = last == null
                ? List.<Event.Record>of()
                : last.stream().map(note -> event(note,
                        // After a gap in the messages, it is unknown where the next one begins.
                        messagesLost && note.type == ContentType.HANDSHAKE ? null : dissector)).toList();
        return new Trace(beginning, count - keptRecords(), end);
    }

    private static Event.Record event(Note note, @Nullable Dissector dissector) {
        var parts = dissector == null
                ? List.<RecordPart>of(
                        new RecordPart.Piece("piece of a handshake message", note.bytes() - note.header.length))
                : dissector.parts(note.sent, note.type, note.content, wholeLength(note.header));
        return new Event.Record(note.nanos, note.number, note.sent, note.header, note.type, note.isProtected, parts);
    }

    /** Returns the length of header and fragment, according to the header. */
    private static int wholeLength(byte[] header) {
        return header.length + ((header[3] & 0xff) << 8 | header[4] & 0xff);
    }
}
