package dev.shakedown.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that serves each connection in its own thread. */
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
                    // Virtual threads that flood would keep all others from running.
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

    /** Returns how many connections have ended on this side. */
    int ended() {
        return ended.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
