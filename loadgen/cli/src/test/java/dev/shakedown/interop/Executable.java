package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program that tests need, and what happens when it is not there.
 *
 * @param debianPackage what to install
 */
record Executable(String binary, String debianPackage) {
    /** Programs are often installed where only root's PATH looks. */
    private static final List<String> MORE_PLACES = List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin",
            "/opt/homebrew/bin");

    Optional<Path> find() {
        var places = Stream.concat(Pattern.compile(":").splitAsStream(System.getenv().getOrDefault("PATH", "")),
                MORE_PLACES.stream());
        return places.filter(place -> !place.isEmpty()).map(place -> Path.of(place, binary))
                .filter(Files::isExecutable).findFirst();
    }

    /** Its path; skips or fails the test if it is missing. */
    String require() {
        var path = find();
        if (path.isEmpty()) {
            missing();
        }
        return path.orElseThrow().toString();
    }

    /** Says so, and skips the test, or fails it where CI=true. */
    void missing() {
        System.err.println(complaint());
        missing("true".equals(System.getenv("CI")));
    }

    /** The one place that decides what a missing program means: a skipped test, or a failed one where CI=true. */
    void missing(boolean continuousIntegration) {
        if (continuousIntegration) {
            fail(complaint());
        }
        abort(complaint());
    }

    /**
     * Ends a process, first by asking; whatever it has started is killed. Returns once it has ended, within 10 seconds.
     */
    static void end(Process process) {
        var children = new HashSet<>(process.descendants().toList());
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                // A master may have started others for those that it missed.
                process.descendants().forEach(children::add);
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private String complaint() {
        return "not tested with " + binary + ", which is not here or may not do its work: install the package "
                + debianPackage;
    }
}
