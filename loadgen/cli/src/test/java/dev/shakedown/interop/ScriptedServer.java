package dev.shakedown.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Listens on a port of 127.0.0.1, does one thing with each connection on a thread of its own, and closes it. */
final class ScriptedServer implements AutoCloseable {
    /** What becomes of a connection. */
    interface Script {
        void play(Socket socket) throws Exception;
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ScriptedServer(Script script) throws IOException {
        this(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), script);
    }

    ScriptedServer(ServerSocket listener, Script script) {
        this.listener = listener;
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    var socket = listener.accept();
                    threads.execute(() -> play(script, socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void play(Script script, Socket socket) {
        try (socket) {
            script.play(socket);
        } catch (Exception ended) {
            // the client has gone, or the test has ended
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
