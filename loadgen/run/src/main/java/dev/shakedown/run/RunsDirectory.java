package dev.shakedown.run;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The default place of results: a directory for each, named after its time, and a link to the newest. */
public final class RunsDirectory {
    /** Relative to the working directory. */
    public static final Path PATH = Path.of("results", "runs");
    /** A link to the newest result. */
    public static final Path LATEST = PATH.resolve("latest");

    private RunsDirectory() {}

    /** Whether the link leads to {@code directory}, so that messages can use its shorter name. */
    public static boolean isLatest(Path directory) {
        try {
            return Files.isSymbolicLink(LATEST) && Files.isSameFile(LATEST, directory);
        } catch (IOException _) {
            return false;
        }
    }

    /** Makes the link lead to {@code directory} if that is one of these; where links cannot be made, does nothing. */
    public static void linkLatest(Path directory) {
        if (!PATH.equals(directory.getParent())) {
            return;
        }
        try {
            // Replaced in one step, since others may be following the link.
            var link = PATH.resolve(".latest-" + ProcessHandle.current().pid());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, directory.getFileName());
            try {
                Files.move(link, LATEST, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException _) {
                Files.move(link, LATEST, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(link);
            }
        } catch (IOException | UnsupportedOperationException _) {
            // The directory can still be found by its own name.
        }
    }

    /**
     * Returns the result directories, newest first.
     *
     * @throws IOException if the directory cannot be read
     */
    public static List<Path> all() throws IOException {
        if (!Files.isDirectory(PATH)) {
            return List.of();
        }
        try (var paths = Files.list(PATH)) {
            return paths.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.comparing((Path path) -> path.getFileName().toString()).reversed()).toList();
        }
    }

    /**
     * Returns the newest directory with this name, or with a name that ends with a hyphen and {@code name}, as those
     * do whose name was chosen; empty if there is none.
     *
     * @throws IOException if they cannot be read
     */
    public static Optional<Path> named(String name) throws IOException {
        return all().stream().filter(path -> path.getFileName().toString().equals(name)
                || path.getFileName().toString().endsWith("-" + name)).findFirst();
    }
}
