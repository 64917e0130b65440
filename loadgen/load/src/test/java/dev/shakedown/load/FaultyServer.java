package dev.shakedown.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A server on loopback that mistreats each connection in a given way, and never speaks TLS. */
final class FaultyServer implements AutoCloseable {
    /** What the server does with a connection. */
    enum Fault {
        /** FIN before the hello is read. */
        CLOSE,
        /** RST before the hello is read. */
        RESET,
        /** FIN after the first byte of the hello. */
        CLOSE_AFTER_BYTE,
        /** RST after the first byte of the hello. */
        RESET_AFTER_BYTE,
        /** Reads and never answers. */
        SILENCE,
        /** Answers in HTTP. */
        HTTP,
        /** Answers with a byte that no record begins with. */
        GARBAGE,
        /** Answers with half a record header, then FIN. */
        HALF_RECORD,
        /** Answers with the fatal alert handshake_failure. */
        ALERT,
        /** Announces a record that is too long. */
        OVERSIZED
    }

    private final ServerSocket listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    private final IntFunction<Fault> faults;
    private final List<Socket> held = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    /** @param faults what to do with the n-th connection, from 0 */
    FaultyServer(IntFunction<Fault> faults) throws IOException {
        this.faults = faults;
        Thread.ofPlatform().daemon().name("faulty-server").start(this::serve);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (held) {
            for (var socket : held) {
                socket.close();
            }
        }
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                var fault = faults.apply(accepted.getAndIncrement());
                synchronized (held) {
                    held.add(socket);
                }
                Thread.ofVirtual().start(() -> {
                    try {
                        treat(socket, fault);
                    } catch (IOException _) {
                        // the client was faster
                    }
                });
            } catch (IOException _) {
                // closed
            }
        }
    }

    private static void treat(Socket socket, Fault fault) throws IOException {
        var in = socket.getInputStream();
        var out = socket.getOutputStream();
        switch (fault) {
            case CLOSE -> socket.close();
            case RESET -> reset(socket);
            case CLOSE_AFTER_BYTE -> {
                in.read();
                socket.shutdownOutput();
            }
            case RESET_AFTER_BYTE -> {
                in.read();
                reset(socket);
            }
            case SILENCE -> in.transferTo(OutputStream.nullOutputStream());
            case HTTP -> {
                readHello(in);
                out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            case GARBAGE -> {
                readHello(in);
                out.write(0xEE);
            }
            case HALF_RECORD -> {
                readHello(in);
                out.write(new byte[]{22, 3, 3});
                socket.shutdownOutput();
            }
            case ALERT -> {
                readHello(in);
                out.write(new byte[]{21, 3, 3, 0, 2, 2, 40});
            }
            case OVERSIZED -> {
                readHello(in);
                out.write(new byte[]{22, 3, 3, (byte) 0xFF, (byte) 0xFF});
            }
        }
    }

    private static void readHello(InputStream in) throws IOException {
        var header = in.readNBytes(5);
        if (header.length == 5) {
            in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
