package dev.shakedown.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves each connection in a thread of its own. */
final class Listener implements AutoCloseable {
    interface Service {
        void serve(Socket socket, int n) throws IOException;
    }

    private final ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final AtomicInteger ended = new AtomicInteger();

    Listener(Service service) throws IOException {
        Thread.ofPlatform().daemon().name("listener").start(() -> {
            try {
                for (var n = 0;; n++) {
                    var connection = socket.accept();
                    var number = n;
                    // Virtual threads that flood would let no other run.
                    Thread.ofPlatform().daemon().start(() -> {
                        try (connection) {
                            service.serve(connection, number);
                        } catch (IOException _) {
                            // the client was faster
                        } finally {
                            ended.incrementAndGet();
                        }
                    });
                }
            } catch (IOException _) {
                // closed
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** How many connections are over on this side. */
    int ended() {
        return ended.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
