package dev.shakedown.net.socket;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.net.InetSocketAddress;

/** A socket that io_uring tells of, once for each time that it is asked. */
final class IoUringSocket extends PolledSocket implements IoUringIoHandle {
    // linux/io_uring.h and poll.h; Netty keeps its own names of them to itself.
    private static final byte IORING_OP_POLL_ADD = 6;
    private static final byte IORING_OP_ASYNC_CANCEL = 14;
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    /** What names the request under way; 0 when there is none. */
    private long asked;
    private boolean askedToWrite;

    IoUringSocket(Loop loop, InetSocketAddress target, Listener listener) {
        super(loop, target, listener);
    }

    @Override
    void await(IoRegistration registration, boolean writable) {
        if (asked == 0) {
            askedToWrite = writable;
            asked = registration.submit(operation(IORING_OP_POLL_ADD, descriptor().intValue(), 0,
                    writable ? POLLIN | POLLOUT : POLLIN));
        } else if (writable && !askedToWrite) {
            // Its end makes the socket try, and then ask anew.
            forget(registration);
        }
    }

    @Override
    void forget(IoRegistration registration) {
        if (asked != 0) {
            // A request holds on to the connection, which would not end before it.
            registration.submit(operation(IORING_OP_ASYNC_CANCEL, -1, asked, 0));
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (((IoUringIoEvent) event).opcode() == IORING_OP_POLL_ADD) {
            asked = 0;
            ready();
        }
    }

    private static IoUringIoOps operation(byte code, int descriptor, long address, int events) {
        return new IoUringIoOps(code, (byte) 0, (short) 0, descriptor, 0, address, 0, events, 0L, (short) 0,
                (short) 0, 0, 0);
    }
}
