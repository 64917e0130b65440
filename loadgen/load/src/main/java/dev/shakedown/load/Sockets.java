package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.net.socket.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** One worker's sockets, spread over the source addresses that are its own. Not thread-safe. */
final class Sockets {
    private final TcpSocket.Opener opener;
    /** Connections at a time from one address; empty for any number. */
    private final OptionalInt mostPerSource;
    /** Of these this worker takes its turns. */
    private final List<InetAddress> sources;
    /** How many connections each has now, where there may not be any number. */
    private final int[] busy;
    private final int step;
    private int next;

    /** @param worker the number of the worker among the plan's */
    Sockets(TcpSocket.Opener opener, LoadPlan plan, int worker) {
        this.opener = opener;
        var all = plan.sources().addresses();
        this.mostPerSource = plan.sources().mostEach();
        this.sources = mostPerSource.isEmpty()
                ? all
                : IntStream.range(0, all.size()).filter(i -> i % plan.threads() == worker).mapToObj(all::get).toList();
        this.busy = new int[sources.size()];
        this.step = plan.threads();
        this.next = mostPerSource.isEmpty() ? worker : 0;
    }

    /** The number of the next source address that is not as busy as it may be; negative if there is none. */
    int takeSource() {
        if (sources.isEmpty()) {
            return 0;
        }
        if (mostPerSource.isEmpty()) {
            var source = next % sources.size();
            next = (next + step) % (sources.size() * step);
            return source;
        }
        for (var tried = 0; tried < sources.size(); tried++) {
            var source = next;
            next = (next + 1) % sources.size();
            if (busy[source] < mostPerSource.getAsInt()) {
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
    TcpSocket open(Target target, TcpSocket.Listener listener, int source) throws IOException {
        return opener.open(target, sources.isEmpty() ? null : sources.get(source), listener);
    }

    /** A connection from there has ended. */
    void releaseSource(int source) {
        if (mostPerSource.isPresent() && source >= 0 && !sources.isEmpty()) {
            busy[source]--;
        }
    }
}
