package dev.shakedown.run;

import dev.shakedown.net.Target;
import dev.shakedown.results.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Makes the directories that results are written to. */
public final class ResultDirectory {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private ResultDirectory() {}

    /**
     * Opens {@code chosen}, or a new directory named after the time and the target.
     *
     * @param name    in place of the target's in the new directory's name; {@code null} for that
     * @param setting by what name it was chosen, for messages
     * @throws IllegalArgumentException with a sentence for the user, when {@code chosen} cannot be used
     * @throws CannotRunException       when the default directory cannot be made
     */
    public static ResultFile create(String setting, @Nullable Path chosen, @Nullable String name, Target target,
            boolean embedded) {
        if (chosen != null && chosen.toString().isEmpty()) {
            throw new IllegalArgumentException(setting + " names no directory; write one, or leave it out for a new one"
                    + " below " + RunsDirectory.PATH);
        }
        try {
            return ResultFile.create(chosen == null ? unused(name, target, embedded) : chosen, Instant.now());
        } catch (IOException e) {
            if (chosen == null) {
                throw new CannotRunException(e.getMessage() + "; name another directory with " + setting, e);
            }
            throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes {@code chosen}, or a new directory named after the time and the target, which must not hold a {@code
     * file} yet.
     *
     * @param name    in place of the target's in the new directory's name; {@code null} for that
     * @param setting by what name it was chosen, for messages
     * @throws IllegalArgumentException with a sentence for the user, when {@code chosen} cannot be used
     * @throws CannotRunException       when the default directory cannot be made
     */
    public static Path make(String setting, @Nullable Path chosen, @Nullable String name, Target target, String file) {
        var directory = chosen == null ? unused(name, target, false) : chosen;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            if (chosen == null) {
                throw new CannotRunException("cannot make " + directory + "; name another directory with " + setting,
                        e);
            }
            throw new IllegalArgumentException(setting + ": cannot make the result directory " + directory, e);
        }
        if (Files.exists(directory.resolve(file))) {
            throw new IllegalArgumentException(setting + ": " + directory + " already holds a " + file
                    + "; nothing is overwritten, so name another directory");
        }
        return directory;
    }

    private static Path unused(@Nullable String name, Target target, boolean embedded) {
        var whose = name != null
                ? name
                : embedded
                        ? "embedded"
                        : target.host().replaceAll("[^A-Za-z0-9.-]", "_") + "-" + target.socket().getPort();
        var directory = RunsDirectory.PATH.resolve(TIME.format(LocalDateTime.now()) + "-" + whose);
        for (var next = 2; Files.exists(directory); next++) {
            // The number comes before the name, by which people look for the directory.
            directory = RunsDirectory.PATH.resolve(TIME.format(LocalDateTime.now()) + "-" + next + "-" + whose);
        }
        return directory;
    }
}
