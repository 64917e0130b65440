package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Reads the server's records, opens them under the current keys, and passes them to the observer. */
final class Incoming {
    private static final RecordProtection PLAIN = new RecordProtection.None(0);

    private final RecordReader records = new RecordReader();
    private final @Nullable HandshakeObserver observer;
    private RecordProtection protection = PLAIN;

    /** @param observer {@code null} for none */
    Incoming(@Nullable HandshakeObserver observer) {
        this.observer = observer;
    }

    void append(ByteBuf bytes) {
        records.append(bytes);
    }

    /** Returns the next whole record, or {@code null} if none has arrived yet. */
    RecordReader.@Nullable Record next() throws Fault {
        try {
            return records.next(protection.maxFragment(), protection.ignoresVersion());
        } catch (Fault fault) {
            showRemains();
            throw fault;
        }
    }

    /** Passes the bytes of an incomplete record to the observer. */
    void showRemains() {
        if (observer != null && midRecord()) {
            observer.remains(records.drain());
        }
    }

    /** Whether a record has arrived in part. */
    boolean midRecord() {
        return records.pending() > 0;
    }

    /** Ends the input: no record can be read any more. */
    void end() {
        protection.end();
    }

    /** Whether incoming records are protected. */
    boolean isProtected() {
        return protection != PLAIN;
    }

    void protect(RecordProtection newProtection) {
        protection = newProtection;
    }

    /** Opens a record under the current keys. */
    RecordReader.Record open(RecordReader.Record received) throws Fault {
        if (observer == null) {
            return protection.open(received);
        }
        var record = bytes(observer, received);
        try {
            var opened = protection.open(received);
            observer.record(false, record, opened.type(), ByteBufUtil.getBytes(opened.fragment()), opened != received);
            return opened;
        } catch (Fault fault) {
            observer.record(false, record, received.type(), null, true);
            throw fault;
        }
    }

    /** Returns a record that is not protected, even though others may be. */
    RecordReader.Record plain(RecordReader.Record received) {
        if (observer != null) {
            observer.record(false, bytes(observer, received), received.type(),
                    ByteBufUtil.getBytes(received.fragment()),
                    false);
        }
        return received;
    }

    boolean isWatched() {
        return observer != null;
    }

    /** Passes the remaining records of a failed connection to the observer. */
    void reportRest() {
        if (observer == null) {
            return;
        }
        try {
            for (RecordReader.Record next; (next = next()) != null;) {
                open(next);
            }
        } catch (Fault | RuntimeException _) {
            // one fault is enough
        }
    }

    private static byte[] bytes(HandshakeObserver watching, RecordReader.Record received) {
        var fragment = received.fragment();
        var shown = watching.wantsAll() ? fragment.readableBytes() : 0;
        var record = Unpooled.buffer(RecordReader.HEADER + shown);
        RecordProtection.header(received.type(), received.version(), fragment.readableBytes(), record);
        record.writeBytes(fragment, fragment.readerIndex(), shown);
        return record.array();
    }
}
