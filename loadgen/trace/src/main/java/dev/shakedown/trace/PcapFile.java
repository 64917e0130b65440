package dev.shakedown.trace;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes connections as a packet capture in the classic pcap format, which Wireshark opens. The packets are synthesised
 * from the events: one for each record, between a TCP handshake and a close, with valid sequence numbers and checksums.
 */
public final class PcapFile implements AutoCloseable {
    private static final int MAGIC_NANOS = 0xa1b23c4d;
    private static final int ETHERNET = 1;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int TCP = 6;
    private static final int TCP_HEADER = 20;
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int PUSH = 8;
    private static final int ACK = 16;
    /** The largest payload of a packet, which a loopback interface carries. */
    private static final int MOST = 32_768;

    private final OutputStream out;
    private long epochNanos;
    /** The addresses of the current connection; {@code null} if there is none. */
    private Event.@Nullable Connected addresses;
    private final int[] next = new int[2];

    /** Writes the file's header. */
    public PcapFile(OutputStream out) throws IOException {
        this.out = out;
        write(Unpooled.buffer().writeInt(MAGIC_NANOS).writeShort(2).writeShort(4).writeInt(0).writeInt(0)
                .writeInt(1 << 18).writeInt(ETHERNET));
    }

    /**
     * Adds a connection.
     *
     * @param epochNanos when it was requested, nanoseconds since 1970
     */
    public void add(Exchange exchange, long epochNanos) throws IOException {
        this.epochNanos = epochNanos;
        for (var event : exchange.events()) {
            switch (event) {
                case Event.Connected connected -> connect(connected);
                case Event.Record record -> data(record.nanos(), record.sent(), record.bytes());
                case Event.Remains remains -> data(remains.nanos(), false, remains.bytes());
                case Event.Expired _,Event.Omitted _ -> {
                    // not on the wire, or no longer known
                }
                case Event.Closed closed -> packet(closed.nanos(), closed.sent(), (closed.reset() ? RST : FIN) | ACK);
            }
        }
    }

    private void connect(Event.Connected connected) throws IOException {
        addresses = connected;
        next[0] = 0x1000;
        next[1] = 0x2000;
        packet(0, true, SYN);
        packet(connected.nanos(), false, SYN | ACK);
        packet(connected.nanos(), true, ACK);
    }

    private void data(long nanos, boolean sent, byte[] bytes) throws IOException {
        for (var at = 0; at < bytes.length; at += MOST) {
            packet(nanos, sent, PUSH | ACK, bytes, at, Math.min(MOST, bytes.length - at));
        }
    }

    private void packet(long nanos, boolean sent, int flags) throws IOException {
        packet(nanos, sent, flags, new byte[0], 0, 0);
    }

    private void packet(long nanos, boolean sent, int flags, byte[] payload, int from, int length)
            throws IOException {
        var side = sent ? 0 : 1;
        var segment = segment(sent, flags, payload, from, length);
        // SYN and FIN each take up a sequence number.
        next[side] += length + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
        var frame = Unpooled.buffer();
        frame.writeZero(12);
        var source = address(sent).getAddress().getAddress();
        var destination = address(!sent).getAddress().getAddress();
        if (source.length == 4) {
            frame.writeShort(IPV4);
            var header = Unpooled.buffer().writeByte(0x45).writeByte(0).writeShort(20 + segment.readableBytes())
                    .writeShort(0).writeShort(0x4000).writeByte(64).writeByte(TCP).writeShort(0).writeBytes(source)
                    .writeBytes(destination);
            header.setShort(10, checksum(header));
            frame.writeBytes(header);
        } else {
            frame.writeShort(IPV6).writeInt(6 << 28).writeShort(segment.readableBytes()).writeByte(TCP).writeByte(64)
                    .writeBytes(source).writeBytes(destination);
        }
        frame.writeBytes(segment);
        var at = epochNanos + nanos;
        write(Unpooled.buffer().writeInt((int) (at / 1_000_000_000)).writeInt((int) (at % 1_000_000_000))
                .writeInt(frame.readableBytes()).writeInt(frame.readableBytes()).writeBytes(frame));
    }

    private InetSocketAddress address(boolean ofClient) {
        var found = Objects.requireNonNull(addresses);
        return ofClient ? found.client() : found.server();
    }

    private ByteBuf segment(boolean sent, int flags, byte[] payload, int from, int length) {
        var segment = Unpooled.buffer().writeShort(address(sent).getPort())
                .writeShort(address(!sent).getPort()).writeInt(next[sent ? 0 : 1])
                .writeInt((flags & ACK) == 0 ? 0 : next[sent ? 1 : 0]).writeByte(TCP_HEADER / 4 << 4).writeByte(flags)
                .writeShort(0xffff).writeShort(0).writeShort(0).writeBytes(payload, from, length);
        var pseudo = Unpooled.buffer().writeBytes(address(true).getAddress().getAddress())
                .writeBytes(address(false).getAddress().getAddress()).writeInt(segment.readableBytes()).writeInt(TCP)
                .writeBytes(segment, 0, segment.readableBytes());
        segment.setShort(16, checksum(pseudo));
        return segment;
    }

    /** The Internet checksum (RFC 1071). */
    private static int checksum(ByteBuf bytes) {
        var sum = 0L;
        var length = bytes.readableBytes();
        for (var at = 0; at < length; at += 2) {
            sum += at + 1 < length ? bytes.getUnsignedShort(at) : bytes.getUnsignedByte(at) << 8;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) ~sum & 0xffff;
    }

    private void write(ByteBuf bytes) throws IOException {
        bytes.readBytes(out, bytes.readableBytes());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
