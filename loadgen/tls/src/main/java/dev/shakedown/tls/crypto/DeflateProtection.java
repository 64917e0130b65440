package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses records before another protection is applied: one stream for all records of a direction (RFC 3749, 2.1).
 */
final class DeflateProtection implements RecordProtection {
    private final RecordProtection inner;
    /**
     * Only the one that its direction needs is created; the other stays {@code null}, since each needs a lot of memory.
     */
    private @Nullable Deflater deflater;
    private @Nullable Inflater inflater;
    private boolean ended;

    DeflateProtection(RecordProtection inner) {
        this.inner = inner;
    }

    @Override
    public void seal(ContentType type, ByteBuf content, ByteBuf out) {
        requireNotEnded();
        deflater = deflater == null ? new Deflater() : deflater;
        deflater.setInput(ByteBufUtil.getBytes(content));
        content.skipBytes(content.readableBytes());
        var compressed = Unpooled.buffer();
        var part = new byte[RecordReader.MAX_CONTENT];
        int length;
        do {
            length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
            compressed.writeBytes(part, 0, length);
        } while (length == part.length);
        inner.seal(type, compressed, out);
    }

    /**
     * {@inheritDoc} Compressed content may be no longer than uncompressed content, although a full record of
     * incompressible data becomes longer.
     */
    @Override
    public RecordReader.Record open(RecordReader.Record received) throws Fault {
        requireNotEnded();
        var opened = inner.open(received);
        inflater = inflater == null ? new Inflater() : inflater;
        inflater.setInput(ByteBufUtil.getBytes(opened.fragment()));
        // One extra byte shows whether the content is too long.
        var content = new byte[RecordReader.MAX_CONTENT + 1];
        var length = 0;
        try {
            for (int part; length < content.length
                    && (part = inflater.inflate(content, length, content.length - length)) > 0;) {
                length += part;
            }
        } catch (DataFormatException e) {
            throw new Fault(Violation.DECOMPRESSION_FAILED, String.valueOf(e.getMessage()));
        }
        if (length > RecordReader.MAX_CONTENT) {
            throw new Fault(Violation.DECOMPRESSED_TOO_LONG, RecordReader.MAX_CONTENT);
        }
        return new RecordReader.Record(opened.type(), opened.version(), Unpooled.wrappedBuffer(content, 0, length));
    }

    /** Otherwise the native memory would wait for the garbage collector, which does not see its size. */
    @Override
    public void end() {
        ended = true;
        if (deflater != null) {
            deflater.end();
        }
        if (inflater != null) {
            inflater.end();
        }
    }

    private void requireNotEnded() {
        if (ended) {
            throw new IllegalStateException("the connection has ended");
        }
    }

    @Override
    public int maxFragment() {
        return inner.maxFragment();
    }
}
