package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The server's records behind its Finished, in TLS 1.3. The first that opens under the application keys ends what was
 * before them. Until then a record that does not may be an alert under the handshake's keys: a server that gives up on
 * the client's second flight may not have changed its own keys yet.
 */
final class PostFinishedProtection implements RecordProtection {
    private final Primitives primitives;
    private final RecordProtection next;
    /** {@code null} when the server was seen to use the next. */
    private @Nullable RecordProtection last;

    PostFinishedProtection(Primitives primitives, RecordProtection next, RecordProtection last) {
        this.primitives = primitives;
        this.next = next;
        this.last = last;
    }

    @Override
    public void seal(ContentType type, ByteBuf content, ByteBuf out) {
        next.seal(type, content, out);
    }

    @Override
    public RecordReader.Record open(RecordReader.Record received) throws Fault {
        var before = last;
        if (before == null) {
            return next.open(received);
        }
        // Opened where it lies, whether it authenticates or not: kept for a second try.
        var fragment = received.fragment();
        var kept = primitives.record();
        var length = fragment.readableBytes();
        fragment.getBytes(fragment.readerIndex(), kept, 0, length);
        try {
            var opened = next.open(received);
            last = null;
            return opened;
        } catch (Fault fault) {
            if (fault.rule() != Violation.RECORD_NOT_AUTHENTIC) {
                throw fault;
            }
            return alert(before, new RecordReader.Record(received.type(), received.version(),
                    Unpooled.wrappedBuffer(kept, 0, length)), fault);
        }
    }

    private static RecordReader.Record alert(RecordProtection before, RecordReader.Record received, Fault otherwise)
            throws Fault {
        try {
            var opened = before.open(received);
            if (opened.type() == ContentType.ALERT) {
                return opened;
            }
        } catch (Fault _) {
            // neither
        }
        throw otherwise;
    }

    @Override
    public int maxFragment() {
        return next.maxFragment();
    }

    @Override
    public boolean ignoresVersion() {
        return next.ignoresVersion();
    }
}
