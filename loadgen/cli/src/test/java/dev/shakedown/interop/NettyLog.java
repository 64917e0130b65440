package dev.shakedown.interop;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Netty would have written on the user's screen between opening and closing this. */
final class NettyLog extends Handler implements AutoCloseable {
    private final Logger netty = Logger.getLogger("io.netty");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    static NettyLog open() {
        var log = new NettyLog();
        log.setLevel(Level.INFO);
        log.netty.addHandler(log);
        return log;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord line) {
        if (isLoggable(line)) {
            lines.add(line.getLoggerName() + ": " + line.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        netty.removeHandler(this);
    }
}
