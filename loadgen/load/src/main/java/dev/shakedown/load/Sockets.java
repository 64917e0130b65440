package dev.shakedown.load;

import dev.shakedown.net.socket.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;

/** One worker's sockets, spread over the source addresses that are its own. Not thread-safe. */
final class Sockets {
    private final TcpSocket.Opener opener;
    /** Connections at a time from one address; 0 for any number. */
    private final int mostPerSource;
    /** Of these this worker takes its turns. */
    private final List<InetAddress> sources;
    /** How many connections each has now, where there may not be any number. */
    private final int[] busy;
    private final int step;
    private int next;

    /** @param worker the number of the worker among the plan's */
    Sockets(TcpSocket.Opener opener, LoadPlan plan, int worker) {
        this.opener = opener;
        this.mostPerSource = plan.mostPerSource();
        this.sources = mostPerSource == 0
                ? plan.sources()
                : IntStream.range(0, plan.sources().size()).filter(i -> i % plan.threads() == worker)
                        .mapToObj(plan.sources()::get).toList();
        this.busy = new int[sources.size()];
        this.step = plan.threads();
        this.next = mostPerSource == 0 ? worker : 0;
    }

    /** The number of the next source address that is not as busy as it may be; negative if there is none. */
    int takeSource() {
        if (sources.isEmpty()) {
            return 0;
        }
        if (mostPerSource == 0) {
            var source = next % sources.size();
            next = (next + step) % (sources.size() * step);
            return source;
        }
        for (var tried = 0; tried < sources.size(); tried++) {
            var source = next;
            next = (next + 1) % sources.size();
            if (busy[source] < mostPerSource) {
                busy[source]++;
                return source;
            }
        }
        return -1;
    }

    /**
     * A socket that has begun to connect.
     *
     * @param source as {@link #takeSource} gave it
     * @throws IOException when there is no socket to be had, or the kernel refuses at once
     */
    TcpSocket open(InetSocketAddress target, TcpSocket.Listener listener, int source) throws IOException {
        return opener.open(target, sources.isEmpty() ? null : sources.get(source), listener);
    }

    /** A connection from there has ended. */
    void releaseSource(int source) {
        if (mostPerSource > 0 && source >= 0 && !sources.isEmpty()) {
            busy[source]--;
        }
    }
}
