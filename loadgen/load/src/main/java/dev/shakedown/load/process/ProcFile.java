package dev.shakedown.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files in which the kernel tells a thing a line, each beginning with what it tells of. */
public final class ProcFile {
    private ProcFile() {}

    /** What follows in the first line with this beginning; empty without one, and where the file cannot be read. */
    public static Optional<String> line(Path file, String beginning) {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(beginning)).findFirst()
                    .map(line -> line.substring(beginning.length()).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
