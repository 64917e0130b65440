package dev.shakedown.net.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Clock;

/**
 * Reads sockets on Linux, and reports when the kernel received what is read (SO_TIMESTAMPNS of socket(7)). What passes
 * after that is not the server's time, but the time to wake this process and get to this socket. If the kernel reports
 * no time, it is the time of reading.
 */
final class TimedReader {
    // asm-generic/socket.h
    private static final int SOL_SOCKET = 1;
    private static final int SO_TIMESTAMPNS = 35;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** struct iovec of recvmsg(2). */
    private static final StructLayout VECTOR = MemoryLayout.structLayout(ValueLayout.ADDRESS.withName("base"),
            ValueLayout.JAVA_LONG.withName("length"));
    /** struct msghdr of recvmsg(2), with 64-bit pointers. */
    private static final StructLayout MESSAGE = MemoryLayout.structLayout(ValueLayout.ADDRESS.withName("name"),
            ValueLayout.JAVA_LONG.withName("nameLength"), ValueLayout.ADDRESS.withName("vectors"),
            ValueLayout.JAVA_LONG.withName("vectorCount"), ValueLayout.ADDRESS.withName("control"),
            ValueLayout.JAVA_LONG.withName("controlLength"), ValueLayout.JAVA_LONG.withName("flags"));
    /** struct cmsghdr of cmsg(3) with a struct timespec in it. */
    private static final StructLayout STAMP = MemoryLayout.structLayout(ValueLayout.JAVA_LONG.withName("length"),
            ValueLayout.JAVA_INT.withName("level"), ValueLayout.JAVA_INT.withName("type"),
            ValueLayout.JAVA_LONG.withName("seconds"), ValueLayout.JAVA_LONG.withName("nanos"));
    private static final VarHandle CONTROL_LENGTH = field(MESSAGE, "controlLength");
    private static final VarHandle LEVEL = field(STAMP, "level");
    private static final VarHandle TYPE = field(STAMP, "type");
    private static final VarHandle SECONDS = field(STAMP, "seconds");
    private static final VarHandle NANOS = field(STAMP, "nanos");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = field(STATE, "errno");
    @SuppressWarnings("restricted")
    private static final MethodHandle RECVMSG = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("recvmsg"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final Clock WALL = Clock.systemUTC();
    /** A socket that keeps the kernel's packet timestamps enabled, since enabling and disabling them is expensive. */
    private static final Socket KEEPS_ENABLED = Socket.newSocketStream();
    private static final boolean SUPPORTED = enableTimestamps(KEEPS_ENABLED);

    private final MemorySegment state;
    private final MemorySegment message;
    private final MemorySegment stamp;
    private final ByteBuf bytes;
    private long arrivedNanos;

    /** @param size the maximum number of bytes to read at once */
    TimedReader(int size) {
        var buffer = ByteBuffer.allocateDirect(size);
        bytes = Unpooled.wrappedBuffer(buffer);
        var arena = Arena.ofAuto();
        var vector = arena.allocate(VECTOR);
        field(VECTOR, "base").set(vector, 0L, MemorySegment.ofBuffer(buffer));
        field(VECTOR, "length").set(vector, 0L, (long) size);
        state = arena.allocate(STATE);
        stamp = arena.allocate(STAMP);
        message = arena.allocate(MESSAGE);
        field(MESSAGE, "vectors").set(message, 0L, vector);
        field(MESSAGE, "vectorCount").set(message, 0L, 1L);
        field(MESSAGE, "control").set(message, 0L, stamp);
    }

    private static VarHandle field(StructLayout struct, String name) {
        return struct.varHandle(PathElement.groupElement(name));
    }

    /** Requests timestamps for a socket's packets from the kernel, if it supports them. */
    static void requestTimestamps(Socket socket) {
        if (SUPPORTED) {
            enableTimestamps(socket);
        }
    }

    private static boolean enableTimestamps(Socket socket) {
        try {
            socket.setIntOpt(SOL_SOCKET, SO_TIMESTAMPNS, 1);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * Reads what has arrived.
     *
     * @return how many bytes were read; 0 if none have arrived yet, -1 at the end of the stream
     * @throws IOException as Netty's own sockets throw it
     */
    int read(Socket socket) throws IOException {
        CONTROL_LENGTH.set(message, 0L, STAMP.byteSize());
        long length;
        try {
            length = (long) RECVMSG.invokeExact(state, socket.intValue(), message, 0);
        } catch (Throwable e) {
            throw new AssertionError("recvmsg(2) throws nothing", e);
        }
        if (length < 0) {
            return Errors.ioResult("recvmsg", -(int) ERRNO.get(state, 0L));
        }
        arrivedNanos = System.nanoTime() - ageNanos();
        bytes.setIndex(0, (int) length);
        return length == 0 ? -1 : (int) length;
    }

    /** Returns what was read last; the next read overwrites it. */
    ByteBuf bytes() {
        return bytes;
    }

    /** Returns when the kernel received the last of it, of {@link System#nanoTime()}. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    /** Returns how long ago the kernel received what was read, in nanoseconds. */
    private long ageNanos() {
        if ((long) CONTROL_LENGTH.get(message, 0L) < STAMP.byteSize() || (int) LEVEL.get(stamp, 0L) != SOL_SOCKET
                || (int) TYPE.get(stamp, 0L) != SO_TIMESTAMPNS) {
            return 0;
        }
        var now = WALL.instant();
        // The clock may have been set.
        return Math.max(0, (now.getEpochSecond() - (long) SECONDS.get(stamp, 0L)) * NANOS_PER_SECOND + now.getNano()
                - (long) NANOS.get(stamp, 0L));
    }
}
