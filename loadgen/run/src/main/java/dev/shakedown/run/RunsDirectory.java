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

/** Where results lie when nobody says where: a directory for each, named for its time, and a link to the last one. */
public final class RunsDirectory {
    /** Below the directory that the tool was started in. */
    public static final Path PATH = Path.of("results", "runs");
    /** Leads to the result that came last. */
    public static final Path LATEST = PATH.resolve("latest");

    private RunsDirectory() {}

    /** Whether the link leads to {@code directory}, so that people may be told the shorter name. */
    public static boolean isLatest(Path directory) {
        try {
            return Files.isSymbolicLink(LATEST) && Files.isSameFile(LATEST, directory);
        } catch (IOException _) {
            return false;
        }
    }

    /** Lets the link lead to {@code directory}, if that lies there; where links cannot be made, nothing happens. */
    public static void linkLatest(Path directory) {
        if (!PATH.equals(directory.getParent())) {
            return;
        }
        try {
            // Never without a link for a moment, since others may look for it.
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
            // The directory has a name of its own, which people are told as well.
        }
    }

    /**
     * The directories there, the last first.
     *
     * @throws IOException if it cannot be read
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
     * The last of those whose name ends with {@code name}, which is how a name that was chosen stands in it; empty if
     * there is none.
     *
     * @throws IOException if they cannot be read
     */
    public static Optional<Path> named(String name) throws IOException {
        return all().stream().filter(path -> path.getFileName().toString().equals(name)
                || path.getFileName().toString().endsWith("-" + name)).findFirst();
    }
}
