package dev.shakedown.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads application data that a user names: the content of a file, or text with the escapes \r, \n, \t and \\. */
final class Payload {
    /** Greatest length of a request, bytes. */
    private static final int MOST = 1 << 20;
    private static final String PADDING = "X-Padding: ";

    private Payload() {}

    /** @throws IllegalArgumentException with a sentence for the user */
    static byte[] parse(String option, String text) {
        var bytes = fileOrText(option, text);
        if (bytes.length == 0 || bytes.length > MOST) {
            throw new IllegalArgumentException(option + " must be 1 to " + MOST + " bytes, but is " + bytes.length);
        }
        return bytes;
    }

    /**
     * Reads as {@link #parse} does, except that a number asks for an HTTP request of that length.
     *
     * @param head an HTTP request to pad to that length
     */
    static byte[] parseOrOfLength(String option, String text, byte[] head) {
        if (!text.matches("\\d{1,9}")) {
            return parse(option, text);
        }
        var length = Integer.parseInt(text);
        var least = head.length + PADDING.length() + 2;
        if (length < least || length > MOST) {
            throw new IllegalArgumentException(option + " " + text + " must be from " + least + ", for an HTTP request"
                    + " of that length, to " + MOST);
        }
        var withoutEnd = new String(head, 0, head.length - 2, StandardCharsets.US_ASCII);
        return (withoutEnd + PADDING + "x".repeat(length - least) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] fileOrText(String option, String text) {
        try {
            var file = Path.of(text);
            if (Files.isRegularFile(file)) {
                return Files.size(file) > MOST ? new byte[MOST + 1] : Files.readAllBytes(file);
            }
        } catch (InvalidPathException _) {
            // then it is text
        } catch (IOException e) {
            throw new IllegalArgumentException(option + " " + text + " cannot be read", e);
        }
        return unescaped(option, text).getBytes(StandardCharsets.UTF_8);
    }

    private static String unescaped(String option, String text) {
        var plain = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            var next = text.charAt(i);
            if (next != '\\') {
                plain.append(next);
                continue;
            }
            i++;
            plain.append(switch (i < text.length() ? text.charAt(i) : ' ') {
                case 'r' -> '\r';
                case 'n' -> '\n';
                case 't' -> '\t';
                case '\\' -> '\\';
                default -> throw new IllegalArgumentException(option
                        + " has a backslash that begins none of \\r, \\n, \\t and \\\\; write \\\\ for the"
                        + " character itself");
            });
        }
        return plain.toString();
    }
}
