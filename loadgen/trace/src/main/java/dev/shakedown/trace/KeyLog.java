package dev.shakedown.trace;

import dev.shakedown.tls.wire.ClientHello;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/** Writes the secrets of a connection in the NSS key log format, which Wireshark reads. */
public final class KeyLog {
    private KeyLog() {}

    /** Returns one line per secret: label, client random, secret. */
    static String lines(Exchange exchange) {
        var hello = exchange.message(true, ClientHello.class);
        if (hello == null) {
            return "";
        }
        var lines = new StringBuilder();
        var hex = HexFormat.of();
        exchange.secrets().forEach((label, secret) -> lines.append(label).append(' ')
                .append(hex.formatHex(hello.random())).append(' ').append(hex.formatHex(secret)).append('\n'));
        return lines.toString();
    }

    /** Creates {@code file} if it does not exist, readable only by its owner. */
    public static void create(Path file) throws IOException {
        append(file, "");
    }

    /** Appends the secrets of an exchange to {@code file}. */
    public static void append(Path file, Exchange exchange) throws IOException {
        append(file, lines(exchange));
    }

    private static void append(Path file, String lines) throws IOException {
        var posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        var ownersOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var attributes = posix ? new FileAttribute<?>[]{ownersOnly} : new FileAttribute<?>[0];
        try (var channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                attributes)) {
            if (posix && Files.isRegularFile(file)) {
                // it may have existed before
                Files.setPosixFilePermissions(file, ownersOnly.value());
            }
            for (var bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)); bytes.hasRemaining();) {
                channel.write(bytes);
            }
        }
    }
}
