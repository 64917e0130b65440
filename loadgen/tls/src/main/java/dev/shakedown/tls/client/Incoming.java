package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The server's records: cut from what arrives, opened under the keys of the moment, and shown to whoever watches. */
final class Incoming {
    private static final RecordProtection PLAIN = new RecordProtection.None(0);

    private final RecordReader records = new RecordReader();
    private final @Nullable HandshakeObserver observer;
    private RecordProtection protection = PLAIN;

    /** @param witness {@code null} for nobody */
    Incoming(@Nullable HandshakeObserver observer) {
        this.observer = observer;
    }

    void append(ByteBuf bytes) {
        records.append(bytes);
    }

    /** The next whole record, or {@code null} when there is none yet. */
    RecordReader.@Nullable Record next() throws Fault {
        try {
            return records.next(protection.maxFragment(), protection.ignoresVersion());
        } catch (Fault fault) {
            showRemains();
            throw fault;
        }
    }

    /** Shows who watches what has arrived and is no whole record. */
    void showRemains() {
        if (observer != null && midRecord()) {
            observer.remains(records.drain());
        }
    }

    /** Whether a record has begun to arrive and not ended. */
    boolean midRecord() {
        return records.pending() > 0;
    }

    /** No record comes any more. */
    void end() {
        protection.end();
    }

    /** Whether what comes is protected. */
    boolean isProtected() {
        return protection != PLAIN;
    }

    void protect(RecordProtection newProtection) {
        protection = newProtection;
    }

    /** What a record holds. */
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

    /** The same of one that is not protected, whatever others are. */
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

    /** Shows who watches what is left of a connection that has failed. */
    void showRest() {
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
