package dev.shakedown.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files of the kernel that have one value per line, after its name. */
public final class ProcFile {
    private ProcFile() {}

    /**
     * Returns the rest of the first line with this beginning; empty if there is none, or if the file cannot be read.
     */
    public static Optional<String> line(Path file, String beginning) {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(beginning)).findFirst()
                    .map(line -> line.substring(beginning.length()).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
