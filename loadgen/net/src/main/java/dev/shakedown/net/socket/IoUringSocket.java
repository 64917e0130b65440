package dev.shakedown.net.socket;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.net.InetSocketAddress;

/** A socket driven by io_uring, with a one-shot poll for each notification. */
final class IoUringSocket extends PolledSocket implements IoUringIoHandle {
    // linux/io_uring.h and poll.h; Netty's own constants are not public.
    private static final byte IORING_OP_POLL_ADD = 6;
    private static final byte IORING_OP_ASYNC_CANCEL = 14;
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    /** The ID of the pending request; 0 if there is none. */
    private long pendingId;
    private boolean pollsForWrite;

    IoUringSocket(Loop loop, InetSocketAddress target, Listener listener) {
        super(loop, target, listener);
    }

    @Override
    void await(IoRegistration registration, boolean writable) {
        if (pendingId == 0) {
            pollsForWrite = writable;
            pendingId = registration.submit(operation(IORING_OP_POLL_ADD, descriptor().intValue(), 0,
                    writable ? POLLIN | POLLOUT : POLLIN));
        } else if (writable && !pollsForWrite) {
            // Its completion makes the socket try, and then poll again.
            forget(registration);
        }
    }

    @Override
    void forget(IoRegistration registration) {
        if (pendingId != 0) {
            // A pending request keeps the connection from ending.
            registration.submit(operation(IORING_OP_ASYNC_CANCEL, -1, pendingId, 0));
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (((IoUringIoEvent) event).opcode() == IORING_OP_POLL_ADD) {
            pendingId = 0;
            ready();
        }
    }

    private static IoUringIoOps operation(byte code, int descriptor, long address, int events) {
        return new IoUringIoOps(code, (byte) 0, (short) 0, descriptor, 0, address, 0, events, 0L, (short) 0,
                (short) 0, 0, 0);
    }
}
