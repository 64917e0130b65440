package dev.shakedown.bench;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A side that is an {@link SSLEngine}, whose delegated tasks are run at once. */
final class EnginePeer implements Peer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final ByteBuffer read;
    private final ByteBuffer greeting;
    private boolean begun;
    private boolean done;

    /**
     * @param read     a buffer for what it reads
     * @param greeting what it sends once its handshake is complete; nothing if empty
     */
    EnginePeer(SSLEngine engine, ByteBuffer read, byte[] greeting) {
        this.engine = engine;
        this.read = read;
        this.greeting = ByteBuffer.wrap(greeting);
    }

    @Override
    public void take(ByteBuf in, ByteBuf out) throws SSLException {
        if (!begun) {
            begun = true;
            engine.beginHandshake();
        }
        var from = in.nioBuffer();
        while (goesOn(from, out)) {
            // until it needs input that has not arrived
        }
        in.skipBytes(in.readableBytes());
    }

    private boolean goesOn(ByteBuffer from, ByteBuf out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task; (task = engine.getDelegatedTask()) != null;) {
                    task.run();
                }
                return true;
            }
            case NEED_WRAP -> {
                wrap(NOTHING, out);
                return true;
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                return unwrap(from);
            }
            case NOT_HANDSHAKING, FINISHED -> {
                done = true;
                if (greeting.hasRemaining()) {
                    wrap(greeting, out);
                    return true;
                }
                return unwrap(from);
            }
        }
        throw new IllegalStateException("the engine is in an unknown state");
    }

    private void wrap(ByteBuffer content, ByteBuf out) throws SSLException {
        out.ensureWritable(engine.getSession().getPacketBufferSize());
        var result = engine.wrap(content, out.nioBuffer(out.writerIndex(), out.writableBytes()));
        out.writerIndex(out.writerIndex() + result.bytesProduced());
        noteEnd(result.getHandshakeStatus());
    }

    /** Unwraps once more, since some engines process the last bytes of their input only then. */
    private boolean unwrap(ByteBuffer from) throws SSLException {
        var before = engine.getHandshakeStatus();
        var result = engine.unwrap(from, read.clear());
        noteEnd(result.getHandshakeStatus());
        return result.bytesConsumed() > 0 || engine.getHandshakeStatus() != before;
    }

    private void noteEnd(HandshakeStatus status) {
        done |= status == HandshakeStatus.FINISHED;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    /** Releases the engine, since native ones hold memory. */
    @Override
    public void end() {
        ReferenceCountUtil.release(engine);
    }
}
