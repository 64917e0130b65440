package dev.shakedown.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files whole or not at all: no part is visible while they are written, nor after the disk was full. */
public final class WholeFile {
    /** Writes the contents of a file. */
    public interface Contents {
        /** @param part the file to write, which may be left over from an earlier attempt */
        void writeTo(Path part) throws IOException;
    }

    private WholeFile() {}

    /**
     * Writes {@code text} in UTF-8; it is on the disk once the file has its name.
     *
     * @throws IOException with a message for people that names the file
     */
    public static void write(Path file, String text) throws IOException {
        write(file, part -> {
            try (var channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                // Once at the end, and not with each write, as a file opened with SYNC does.
                channel.force(true);
            }
        });
    }

    /**
     * Has contents written under another name next to {@code file}, and renames that file once it is whole. An existing
     * {@code file} remains if that fails.
     *
     * @throws IOException with a message for people that names the file
     */
    public static void write(Path file, Contents contents) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            contents.writeTo(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw failed(file, e);
        }
    }

    /** Returns the failure with a message for people that names the file which could not be written. */
    public static IOException failed(Path file, IOException cause) {
        return new IOException("cannot write " + file + ": " + ResultFile.reason(cause), cause);
    }
}
