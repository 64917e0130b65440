package dev.shakedown.trace;

import dev.shakedown.server.TlsServerCertificate;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A relay in front of the JDK's TLS that reads each ClientHello, and treats its connection as a script says. */
public final class ChoosyServer implements AutoCloseable {
    /** What is done to a connection. */
    public interface Script {
        /** Does it. */
        void play(Visit visit) throws IOException;
    }

    /** What goes by on a connection. */
    public interface Watch {
        /** Whether it ends before this record. */
        boolean endsBefore(boolean fromServer, byte[] record);
    }

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Closeable honest;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger visits = new AtomicInteger();

    ChoosyServer(Script script) throws Exception {
        this(script, _ -> {});
    }

    ChoosyServer(Script script, Consumer<SSLServerSocket> setUp) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        for (var certificate : TlsServerCertificate.make()) {
            keys.setKeyEntry("key" + keys.size(), certificate.key(), new char[0],
                    certificate.chain().toArray(X509Certificate[]::new));
        }
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), new TrustManager[]{new Trusting()}, new SecureRandom());
        var jdk = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 100,
                InetAddress.getLoopbackAddress());
        setUp.accept(jdk);
        honest = jdk;
        accept(jdk, socket -> {
            ((SSLSocket) socket).startHandshake();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
        relay(script, jdk.getLocalPort());
    }

    /** With another server behind it, which somebody else ends. */
    public ChoosyServer(Script script, int behind) throws IOException {
        honest = () -> {};
        relay(script, behind);
    }

    private void relay(Script script, int behind) {
        accept(listener, socket -> {
            var arrived = Arrived.from(socket.getInputStream());
            if (arrived != null) {
                script.play(new Visit(visits.getAndIncrement(), hello(arrived.message()), arrived, socket, behind,
                        threads));
            }
        });
    }

    private interface Serving {
        void serve(Socket socket) throws IOException;
    }

    private void accept(ServerSocket from, Serving serving) {
        threads.execute(() -> {
            while (!from.isClosed()) {
                try {
                    var socket = from.accept();
                    threads.execute(() -> {
                        try (socket) {
                            serving.serve(socket);
                        } catch (IOException _) {
                            // one side has gone
                        }
                    });
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many ClientHellos have come. */
    int visits() {
        return visits.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        honest.close();
        threads.shutdownNow();
    }

    /** A whole record; {@code null} at the end. */
    private static byte[] record(InputStream in) throws IOException {
        var header = in.readNBytes(5);
        if (header.length < 5) {
            return null;
        }
        var body = in.readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
        var record = new byte[5 + body.length];
        System.arraycopy(header, 0, record, 0, 5);
        System.arraycopy(body, 0, record, 5, body.length);
        return record;
    }

    /**
     * A ClientHello as it came, and what came with it.
     *
     * @param atOnce how much of it came with the first segment
     */
    record Arrived(byte[] bytes, int atOnce) {
        /** {@code null} at the end. */
        static Arrived from(InputStream in) throws IOException {
            var buffer = new byte[1 << 17];
            var length = in.read(buffer);
            var arrived = new Arrived(Arrays.copyOf(buffer, Math.max(0, length)), length);
            while (length >= 0 && !arrived.isWhole()) {
                var more = in.read(buffer, length, buffer.length - length);
                length = more < 0 ? more : length + more;
                arrived = new Arrived(Arrays.copyOf(buffer, Math.max(0, length)), arrived.atOnce);
            }
            return length < 0 ? null : arrived;
        }

        /** What is in the records so far. */
        byte[] message() {
            var message = new ByteArrayOutputStream();
            for (var at = 0; at + 5 <= bytes.length; at += 5 + contentLength(at)) {
                if (bytes[at] == 22) {
                    message.write(bytes, at + 5, Math.min(contentLength(at), bytes.length - at - 5));
                }
            }
            return message.toByteArray();
        }

        private int contentLength(int at) {
            return (bytes[at + 3] & 0xff) << 8 | bytes[at + 4] & 0xff;
        }

        private boolean isWhole() {
            var message = message();
            return message.length >= 4 && message.length >= 4 + ((message[1] & 0xff) << 16 | (message[2] & 0xff) << 8
                    | message[3] & 0xff);
        }
    }

    private static ClientHello hello(byte[] message) throws IOException {
        try {
            return (ClientHello) HandshakeMessage.decode(ClientHello.TYPE,
                    Unpooled.wrappedBuffer(message, 4, message.length - 4), null);
        } catch (Fault fault) {
            throw new IOException(fault);
        }
    }

    /** A connection whose ClientHello has been read. */
    public record Visit(int number, ClientHello hello, Arrived arrived, Socket socket, int honest,
            ExecutorService threads) {
        /** The ClientHello's record, or records. */
        byte[] record() {
            return arrived.bytes;
        }

        boolean cameInOneSegment() {
            return arrived.atOnce == arrived.bytes.length;
        }

        boolean cameInOneRecord() {
            return arrived.contentLength(0) == arrived.message().length;
        }

        /** Passes the connection on to the server behind the relay. */
        public void serve() throws IOException {
            serveUntil((_, _) -> false, () -> {});
        }

        interface End {
            void end() throws IOException;
        }

        /** As an honest server, up to what {@code watch} stops. */
        void serveUntil(Watch watch, End end) throws IOException {
            try (var server = new Socket(InetAddress.getLoopbackAddress(), honest)) {
                server.getOutputStream().write(record());
                var back = threads.submit(() -> {
                    relay(socket, server, record -> watch.endsBefore(false, record), end);
                    return null;
                });
                relay(server, socket, record -> watch.endsBefore(true, record), end);
                back.cancel(true);
            }
        }

        private interface Stop {
            boolean before(byte[] record);
        }

        private static void relay(Socket from, Socket to, Stop stop, End end) throws IOException {
            for (byte[] next; (next = ChoosyServer.record(from.getInputStream())) != null;) {
                if (stop.before(next)) {
                    end.end();
                    from.close();
                    to.close();
                    return;
                }
                to.getOutputStream().write(next);
            }
            to.shutdownOutput();
        }

        void alert(int description) throws IOException {
            say(new byte[]{21, 3, 3, 0, 2, 2, (byte) description});
        }

        /** Says so, and goes when the client has gone: nobody is to see a reset. */
        void say(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        /** Ends the connection by RST. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Whether the ClientHello has this extension. */
        public boolean has(int extension) {
            return hello.extensions().stream().anyMatch(each -> each.type() == extension);
        }
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
