package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Consecutive connections of one client to one server, each offering the session received before. In the file, every
 * connection begins with how it ends; {@code >} is what the client sent and {@code <} what the server sent, in hex.
 */
record Recording(String comment, CipherSuite suite, boolean tickets, List<Connection> connections) {
    /** {@code end} is full, resumed or declined. */
    record Connection(String end, byte[] sent, byte[] received) {}

    private static final int BYTES_A_LINE = 50;

    ClientMemory client() {
        return ReplayedHandshake.client(suite.isTls13() ? ProtocolVersion.TLS_1_3 : ProtocolVersion.TLS_1_2, suite,
                tickets);
    }

    /** One connection's client, and all that it has sent. */
    static final class Replay implements Output {
        final ByteBuf sent = Unpooled.buffer();
        final ClientHandshake client;
        Session gained;

        Replay(ClientMemory memory, Session offered) {
            client = new ClientHandshake(memory, offered, this);
            client.start(0);
        }

        @Override
        public void gained(Session session) {
            gained = session;
        }

        @Override
        public void send(ByteBuf flight, Progress reached) {
            sent.writeBytes(flight, flight.readerIndex(), flight.readableBytes());
        }

        @Override
        public void reached(Progress progress) {
            // the bytes show everything
        }

        byte[] sentBytes() {
            return ByteBufUtil.getBytes(sent);
        }
    }

    void write(Path file) throws IOException {
        var text = new StringBuilder("# " + comment + "\nsuite " + suite + "\ntickets " + tickets + "\n");
        for (var connection : connections) {
            text.append("connection ").append(connection.end).append('\n');
            append(text, "> ", connection.sent);
            append(text, "< ", connection.received);
        }
        Files.writeString(file, text);
    }

    private static void append(StringBuilder text, String direction, byte[] bytes) {
        for (var at = 0; at < bytes.length; at += BYTES_A_LINE) {
            text.append(direction)
                    .append(HexFormat.of().formatHex(bytes, at, Math.min(at + BYTES_A_LINE, bytes.length)))
                    .append('\n');
        }
    }

    /** Reads the test resource of this name. */
    static Recording read(String name) {
        try (var in = Recording.class.getResourceAsStream(name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recording parse(List<String> lines) {
        var connections = new ArrayList<Connection>();
        for (var at = 3; at < lines.size();) {
            var end = lines.get(at++).substring("connection ".length());
            var sent = new StringBuilder();
            var received = new StringBuilder();
            for (; at < lines.size() && !lines.get(at).startsWith("connection"); at++) {
                (lines.get(at).startsWith(">") ? sent : received).append(lines.get(at).substring(2));
            }
            connections.add(new Connection(end, HexFormat.of().parseHex(sent), HexFormat.of().parseHex(received)));
        }
        return new Recording(lines.get(0).substring(2), CipherSuite.valueOf(lines.get(1).substring("suite ".length())),
                Boolean.parseBoolean(lines.get(2).substring("tickets ".length())), connections);
    }
}
