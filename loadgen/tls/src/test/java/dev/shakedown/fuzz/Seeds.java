package dev.shakedown.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Seed inputs: what real servers and clients, and those of RFC 8448, have sent. */
public final class Seeds {
    private static final int HEADER = 5;

    private Seeds() {}

    /** A record as sent on the wire. */
    public record Sealed(boolean byClient, byte[] bytes) {}

    /** Returns all connections. */
    public static List<List<Sealed>> connections() {
        var all = new ArrayList<List<Sealed>>();
        for (var name : List.of("rsa-by-id", "ecdhe-rsa-by-ticket", "ecdhe-ecdsa", "chacha20", "ticket-declined",
                "cbc-encrypt-then-mac", "cbc-mac-then-encrypt", "nginx-by-ticket")) {
            all.addAll(recorded(lines("/dev/shakedown/tls/client/" + name + ".txt")));
        }
        for (var name : List.of("simple-1-rtt", "resumed-0-rtt", "hello-retry-request", "client-authentication",
                "compatibility-mode")) {
            all.add(traced(name).filter(value -> value[2].equals("complete record"))
                    .map(value -> new Sealed(value[0].equals("client"), hex(value[3]))).toList());
        }
        return all;
    }

    /** Returns the unencrypted handshake messages of all connections, with their headers. */
    public static Stream<byte[]> messages() {
        var plain = connections().stream().flatMap(List::stream).map(Sealed::bytes)
                .filter(bytes -> bytes[0] == 22 && bytes.length > HEADER + 4 && bytes[HEADER] != 0)
                .map(bytes -> Arrays.copyOfRange(bytes, HEADER, bytes.length));
        var traced = Stream.of("simple-1-rtt", "hello-retry-request", "client-authentication")
                .flatMap(Seeds::traced)
                .filter(value -> value[1].startsWith("construct a") && value[1].endsWith("handshake message"))
                .map(value -> hex(value[3]));
        return Stream.concat(plain, traced);
    }

    /** Returns the concatenation of {@code parts}. */
    public static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<List<Sealed>> recorded(List<String> lines) {
        var connections = new ArrayList<List<Sealed>>();
        var sent = new StringBuilder();
        var received = new StringBuilder();
        for (var line : lines) {
            if (line.startsWith("connection")) {
                add(connections, sent, received);
            } else if (line.startsWith("> ")) {
                sent.append(line.substring(2));
            } else if (line.startsWith("< ")) {
                received.append(line.substring(2));
            }
        }
        add(connections, sent, received);
        return connections;
    }

    private static void add(List<List<Sealed>> connections, StringBuilder sent, StringBuilder received) {
        if (!sent.isEmpty()) {
            var records = new ArrayList<Sealed>();
            // The ClientHello, all that the server sent, and the rest of the client's.
            var client = cut(true, hex(sent.toString()));
            records.add(client.getFirst());
            records.addAll(cut(false, hex(received.toString())));
            records.addAll(client.subList(1, client.size()));
            connections.add(records);
            sent.setLength(0);
            received.setLength(0);
        }
    }

    private static List<Sealed> cut(boolean byClient, byte[] stream) {
        var records = new ArrayList<Sealed>();
        for (var at = 0; at < stream.length;) {
            var end = at + HEADER + ((stream[at + 3] & 0xff) << 8 | stream[at + 4] & 0xff);
            records.add(new Sealed(byClient, Arrays.copyOfRange(stream, at, end)));
            at = end;
        }
        return records;
    }

    /** Returns side, step, field and bytes of each line of an RFC 8448 trace. */
    private static Stream<String[]> traced(String name) {
        return lines("/rfc8448/" + name + ".txt").stream().filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" \\| ")).filter(value -> value.length == 4);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static List<String> lines(String resource) {
        try (var in = Seeds.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
