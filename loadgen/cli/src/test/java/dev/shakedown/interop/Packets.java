package dev.shakedown.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * When packets of a port passed the loopback interface. dumpcap only writes down what passes, at little cost, so that
 * it can stand beside a load; what they mean is found afterwards from who sent how much, which is all that times need.
 * Datagrams to a port of our own mark beginning and end, as with {@link Capture}.
 */
final class Packets implements AutoCloseable {
    private static final Executable DUMPCAP = new Executable("dumpcap", "wireshark-common");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int FILE_HEADER = 24;
    private static final int PACKET_HEADER = 16;
    private static final int ETHERNET = 14;
    private static final int UDP = 17;
    private static final int SYN = 2;

    /** The times of one connection, microseconds since 1970. */
    static final class Flow {
        long syn;
        long synAck;
        /** Of the packets that carried something, in their order: when, and whether the server sent them. */
        final List<Long> times = new ArrayList<>();
        final List<Boolean> fromServer = new ArrayList<>();

        /**
         * Returns the first and the last packet of the n-th flight, counted from 0; {@code null} if there are fewer.
         */
        long[] flight(int number) {
            var flight = -1;
            long[] found = null;
            for (var i = 0; i < times.size(); i++) {
                flight += i == 0 || !fromServer.get(i).equals(fromServer.get(i - 1)) ? 1 : 0;
                if (flight == number) {
                    found = new long[]{found == null ? times.get(i) : found[0], times.get(i)};
                }
            }
            return found;
        }
    }

    private final int port;
    private final Path directory;
    private final Process process;
    private final DatagramSocket marks;
    private int marked;

    /** Returns once everything on the port is captured. */
    Packets(int port) {
        this(port, "tcp port " + port);
    }

    /** Only how connections begin. */
    static Packets syns(int port) {
        return new Packets(port, "tcp port " + port + " and tcp[tcpflags] & tcp-syn != 0");
    }

    private Packets(int port, String filter) {
        this.port = port;
        try {
            var dumpcap = DUMPCAP.require();
            directory = Files.createTempDirectory("shakedown-packets-");
            marks = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            process = new ProcessBuilder(dumpcap, "-q", "-P", "-s", "100", "-B", "64", "-a", "duration:240", "-i",
                    NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getName(), "-f",
                    "(" + filter + ") or udp port " + marks.getLocalPort(), "-w", file().toString())
                    .redirectError(directory.resolve("error.log").toFile()).start();
            mark();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file() {
        return directory.resolve("packets.pcap");
    }

    /** Returns once everything that was sent so far is written down. */
    private void mark() throws IOException {
        marked++;
        var bytes = new byte[marked];
        for (var start = System.nanoTime(); longestMark() < marked;) {
            if (!process.isAlive()) {
                // As a user it may not capture.
                System.err.println(Files.readString(directory.resolve("error.log")));
                close();
                DUMPCAP.missing();
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                close();
                throw new AssertionError("dumpcap does not see what is sent");
            }
            marks.send(new DatagramPacket(bytes, bytes.length, marks.getLocalSocketAddress()));
            Peer.pause();
        }
    }

    private int longestMark() throws IOException {
        var longest = new int[1];
        read((_, ip, at) -> {
            if (ip.get(at + 9) == UDP) {
                longest[0] = Math.max(longest[0], ip.getShort(at + 20 + 4) - 8);
            }
        });
        return longest[0];
    }

    /** The connections that began so far, in their order. */
    List<Flow> streams() throws IOException {
        mark();
        Map<Integer, Flow> open = new LinkedHashMap<>();
        var all = new ArrayList<Flow>();
        read((micros, ip, at) -> {
            var tcp = at + 4 * (ip.get(at) & 0xf);
            if (ip.get(at + 9) == UDP) {
                return;
            }
            var from = Short.toUnsignedInt(ip.getShort(tcp));
            var fromServer = from == port;
            var client = fromServer ? Short.toUnsignedInt(ip.getShort(tcp + 2)) : from;
            var header = tcp - at + 4 * (ip.get(tcp + 12) >> 4 & 0xf);
            var length = Short.toUnsignedInt(ip.getShort(at + 2)) - header;
            var syn = (ip.get(tcp + 13) & SYN) != 0;
            if (syn && !fromServer) {
                var stream = new Flow();
                stream.syn = micros;
                open.put(client, stream);
                all.add(stream);
            }
            var stream = open.get(client);
            if (stream != null && syn && fromServer) {
                stream.synAck = micros;
            } else if (stream != null && length > 0) {
                stream.times.add(micros);
                stream.fromServer.add(fromServer);
            }
        });
        return all;
    }

    private interface Reader {
        void packet(long micros, ByteBuffer ip, int at);
    }

    /** The classic pcap format; numbers of its own headers are the machine's. */
    private void read(Reader reader) throws IOException {
        if (!Files.exists(file())) {
            return;
        }
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file()));
        for (var at = FILE_HEADER; at + PACKET_HEADER <= bytes.capacity();) {
            bytes.order(ByteOrder.nativeOrder());
            var micros = bytes.getInt(at) * 1_000_000L + bytes.getInt(at + 4);
            var length = bytes.getInt(at + 8);
            at += PACKET_HEADER;
            if (at + length > bytes.capacity()) {
                return;
            }
            reader.packet(micros, bytes.order(ByteOrder.BIG_ENDIAN), at + ETHERNET);
            at += length;
        }
    }

    @Override
    public void close() {
        Executable.end(process);
        marks.close();
        for (var name : List.of("packets.pcap", "error.log", "")) {
            directory.resolve(name).toFile().delete();
        }
    }
}
