package dev.shakedown.tls.crypto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The traces of RFC 8448, step by step. */
public record Rfc8448(List<Value> values) {
    public static final List<String> TRACES = List.of("simple-1-rtt", "resumed-0-rtt", "hello-retry-request",
            "client-authentication", "compatibility-mode");

    /** One field of one step of one side. */
    public record Value(String who, String step, String field, byte[] bytes) {}

    public static Rfc8448 read(String trace) {
        try (var in = Rfc8448.class.getResourceAsStream("/rfc8448/" + trace + ".txt")) {
            var lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
            return new Rfc8448(lines.filter(line -> !line.startsWith("#")).map(line -> line.split(" \\| "))
                    .map(part -> new Value(part[0], part[1], part[2], HexFormat.of().parseHex(part[3]))).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first such field of either side. */
    public byte[] bytes(String step, String field) {
        return values.stream().filter(value -> value.step.equals(step) && value.field.equals(field)).findFirst()
                .orElseThrow(() -> new AssertionError(step + " has no " + field)).bytes;
    }

    /** Every handshake message that the trace constructs, in wire order. */
    public List<Value> messages() {
        var messages = new ArrayList<Value>();
        Value begun = null;
        for (var value : values) {
            if (value.step.startsWith("construct a")) {
                // A ClientHello gets its binders after it is constructed, so what is sent counts.
                begun = value.field.equals("ClientHello") ? value : null;
                if (begun == null) {
                    messages.add(value);
                }
            } else if (begun != null && value.field.equals("payload")) {
                messages.add(new Value(begun.who, begun.step, begun.field, value.bytes));
                begun = null;
            }
        }
        return messages;
    }
}
