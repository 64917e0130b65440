package dev.shakedown.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files of which nobody ever sees a part: not while they are written, nor after the disk was full. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes {@code text} in UTF-8 under another name beside {@code file}, and renames it once it is whole and on the disk. What stood in
     * {@code file} stays if that fails.
     *
     * @throws IOException with a message for people that names the file
     */
    public static void write(Path file, String text) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE, StandardOpenOption.SYNC);
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
