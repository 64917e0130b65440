package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.net.socket.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Opens one worker's sockets, spread over its source addresses. Not thread-safe. */
final class Sockets {
    private final TcpSocket.Opener opener;
    /** Most concurrent connections from one address; empty for any number. */
    private final OptionalInt mostPerSource;
    /** The source addresses that this worker uses in turn. */
    private final List<InetAddress> sources;
    /** Number of connections from each address, if that is limited. */
    private final int[] busy;
    private final int step;
    private int next;

    /** @param worker number of the worker, from 0 */
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

    /** Takes the next source address with room for a connection; returns its number, negative if there is none. */
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
     * Opens a socket, which begins to connect.
     *
     * @param source a number from {@link #takeSource}
     * @throws IOException if there is no socket available, or the kernel refuses at once
     */
    TcpSocket open(Target target, TcpSocket.Listener listener, int source) throws IOException {
        return opener.open(target, sources.isEmpty() ? null : sources.get(source), listener);
    }

    /** Called when a connection from this source address has ended. */
    void releaseSource(int source) {
        if (mostPerSource.isPresent() && source >= 0 && !sources.isEmpty()) {
            busy[source]--;
        }
    }
}
