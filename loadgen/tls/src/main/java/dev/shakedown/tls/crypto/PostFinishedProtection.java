package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Opens the server's records after its Finished, in TLS 1.3. Until the first record opens under the application keys, a
 * record that does not may be an alert under the handshake keys: a server that rejects the client's second flight may
 * not have changed its own keys yet.
 */
final class PostFinishedProtection implements RecordProtection {
    private final Primitives primitives;
    private final RecordProtection next;
    /** The handshake keys' protection; {@code null} once the server has used the application keys. */
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
        var handshake = last;
        if (handshake == null) {
            return next.open(received);
        }
        // Opening overwrites the record even if it does not authenticate, so keep a copy for a second try.
        var fragment = received.fragment();
        var copy = primitives.record();
        var length = fragment.readableBytes();
        fragment.getBytes(fragment.readerIndex(), copy, 0, length);
        try {
            var opened = next.open(received);
            last = null;
            return opened;
        } catch (Fault fault) {
            if (fault.rule() != Violation.RECORD_NOT_AUTHENTIC) {
                throw fault;
            }
            return alert(handshake, new RecordReader.Record(received.type(), received.version(),
                    Unpooled.wrappedBuffer(copy, 0, length)), fault);
        }
    }

    private static RecordReader.Record alert(RecordProtection handshake, RecordReader.Record received, Fault otherwise)
            throws Fault {
        try {
            var opened = handshake.open(received);
            if (opened.type() == ContentType.ALERT) {
                return opened;
            }
        } catch (Fault _) {
            // opens under neither
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
