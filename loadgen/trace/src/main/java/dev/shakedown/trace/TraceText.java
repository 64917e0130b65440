package dev.shakedown.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.shakedown.results.HostPort;
import dev.shakedown.tls.wire.ContentType;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.StringJoiner;

/** Prints a connection record by record, in a layout like ssldump's. */
public final class TraceText {
    private static final int WIDTH = 96;
    private static final int HEX_BYTES = 16;
    private static final int REMAINS_ROWS = 16;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final PrintWriter out;
    private final boolean hex;
    private final int connection;
    private long lastNanos;

    /**
     * @param connection number of the connection
     * @param hex        whether to print every record's bytes
     */
    public TraceText(PrintWriter out, int connection, boolean hex) {
        this.out = out;
        this.connection = connection;
        this.hex = hex;
    }

    public void print(Event event) {
        switch (event) {
            case Event.Connected connected -> out.printf("New TCP connection #%d: %s <-> %s%n", connection,
                    address(connected.client()), address(connected.server()));
            case Event.Record record -> print(record);
            case Event.Closed closed -> out.printf("%d     %s%s  TCP %s%n", connection, times(closed),
                    direction(closed.sent()), closed.reset() ? "RST" : "FIN");
            case Event.Remains remains -> {
                out.printf("%d     %sS>C  %d bytes that are no whole record%n", connection, times(remains),
                        remains.bytes().length);
                print(remains);
            }
            case Event.Expired expired -> out.printf("%d     %stime is up%n", connection, times(expired));
            case Event.Omitted omitted -> out.printf("%d     %s%d records left out%n", connection, times(omitted),
                    omitted.events());
        }
        out.flush();
    }

    /**
     * Prints bytes in hex and, since other protocols are often text, as text; only the first rows unless all bytes are
     * requested.
     */
    private void print(Event.Remains remains) {
        var bytes = remains.bytes();
        var shown = hex ? bytes.length : Math.min(bytes.length, REMAINS_ROWS * HEX_BYTES);
        for (var at = 0; at < shown; at += HEX_BYTES) {
            var end = Math.min(shown, at + HEX_BYTES);
            out.printf("      %-" + 3 * HEX_BYTES + "s %s%n", HEX.formatHex(bytes, at, end),
                    new String(bytes, at, end - at, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "."));
        }
        if (shown < bytes.length) {
            out.printf("      and %d more%n", bytes.length - shown);
        }
    }

    private static String address(InetSocketAddress socket) {
        return HostPort.address(socket.getAddress()) + "(" + socket.getPort() + ")";
    }

    private static String direction(boolean sent) {
        return sent ? "C>S" : "S>C";
    }

    /** Formats the seconds since the request to connect, and since the previous line. */
    private String times(Event event) {
        var text = String.format(Locale.ROOT, "%.4f (%.4f)  ", event.nanos() / 1e9, (event.nanos() - lastNanos) / 1e9);
        lastNanos = event.nanos();
        return text;
    }

    private void print(Event.Record record) {
        out.printf("%d %-3d %s%s  V%d.%d(%d)  %s%s%n", connection, record.number(), times(record),
                direction(record.sent()), record.version() >> 8, record.version() & 0xff, record.length(),
                name(record.type()), record.isProtected() ? ", decrypted" : "");
        for (var part : record.parts()) {
            var fields = Fields.of(part);
            // Other content is already named after its record.
            var indent = 6;
            if (record.type() == ContentType.HANDSHAKE || part instanceof RecordPart.Undecipherable) {
                out.println(" ".repeat(indent) + part.name());
                indent += 2;
            }
            print(fields, indent);
        }
        if (hex) {
            print(record.bytes(), 6);
        }
    }

    private static String name(ContentType type) {
        return switch (type) {
            case CHANGE_CIPHER_SPEC -> "ChangeCipherSpec";
            case ALERT -> "Alert";
            case HANDSHAKE -> "Handshake";
            case APPLICATION_DATA -> "ApplicationData";
        };
    }

    private void print(ObjectNode fields, int indent) {
        fields.properties().forEach(field -> print(words(field.getKey()), field.getValue(), indent));
    }

    private void print(String name, JsonNode value, int indent) {
        switch (value) {
            case POJONode node when node.getPojo() instanceof Hex(var bytes) -> {
                out.println(" ".repeat(indent) + name + "[" + bytes.length + "]=");
                print(bytes, indent + 2);
            }
            case ArrayNode array -> {
                out.println(" ".repeat(indent) + name + (array.isEmpty() ? ": none" : ""));
                array.forEach(each -> element(each, indent + 2));
            }
            default -> out.println(" ".repeat(indent) + name + ": " + value.asText());
        }
    }

    private void element(JsonNode element, int indent) {
        if (element instanceof ObjectNode fields && fields.has("name")) {
            // an extension: on one line, if it fits
            wrapped(fields.get("name").asText(), inline(fields.get("value")), indent);
        } else if (element instanceof ObjectNode fields) {
            out.println(" ".repeat(indent) + "certificate");
            fields.properties().forEach(field -> wrapped(words(field.getKey()), inline(field.getValue()), indent + 2));
        } else {
            out.println(" ".repeat(indent) + element.asText());
        }
    }

    private static String inline(JsonNode value) {
        return switch (value) {
            case null -> "";
            case ArrayNode array -> {
                var joined = new StringJoiner(", ");
                array.forEach(each -> joined.add(each.asText()));
                yield joined.toString();
            }
            case POJONode node when node.getPojo() instanceof Hex(var bytes) -> HEX.formatHex(bytes);
            default -> value.asText();
        };
    }

    private void wrapped(String name, String value, int indent) {
        var line = new StringBuilder(" ".repeat(indent) + name + (value.isEmpty() ? "" : ":"));
        for (var word : value.split(" ")) {
            if (line.length() + word.length() >= WIDTH && line.length() > indent + name.length() + 1) {
                out.println(line);
                line = new StringBuilder(" ".repeat(indent + 3));
            }
            line.append(word.isEmpty() ? "" : " ").append(word);
        }
        out.println(line);
    }

    private void print(byte[] bytes, int indent) {
        for (var at = 0; at < bytes.length; at += HEX_BYTES) {
            out.println(" ".repeat(indent) + HEX.formatHex(bytes, at, Math.min(bytes.length, at + HEX_BYTES)));
        }
    }

    /** Converts {@code cipherSuites} to {@code cipher suites}. */
    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
