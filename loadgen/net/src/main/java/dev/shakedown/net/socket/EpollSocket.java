package dev.shakedown.net.socket;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A socket driven by epoll, level-triggered. */
final class EpollSocket extends PolledSocket implements EpollIoHandle {
    private static final EpollIoOps READABLE = EpollIoOps.EPOLLIN;
    private static final EpollIoOps BOTH = READABLE.with(EpollIoOps.EPOLLOUT);

    private @Nullable EpollIoOps awaited;

    EpollSocket(Loop loop, InetSocketAddress target, Listener listener) {
        super(loop, target, listener);
    }

    @Override
    public FileDescriptor fd() {
        return descriptor();
    }

    @Override
    void await(IoRegistration registration, boolean writable) {
        var wanted = writable ? BOTH : READABLE;
        if (wanted != awaited) {
            awaited = wanted;
            registration.submit(wanted);
        }
    }

    @Override
    void forget(IoRegistration registration) {
        // epoll forgets a closed descriptor by itself
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        ready();
    }
}
