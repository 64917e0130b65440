package dev.shakedown.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files of which nobody ever sees a part: not while they are written, nor after the disk was full. */
public final class WholeFile {
    /** Writes what the file is to hold. */
    public interface Contents {
        /** @param part which may be left over from before */
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
                // Once, and not with each piece, as a file that is opened for it does.
                channel.force(true);
            }
        });
    }

    /**
     * Has contents written under another name beside {@code file}, and renames that once it is whole. What stood in
     * {@code file} stays if that fails.
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

    /** The same failure, with a message for people that names the file which could not be written. */
    public static IOException failed(Path file, IOException cause) {
        return new IOException("cannot write " + file + ": " + ResultFile.reason(cause), cause);
    }
}
