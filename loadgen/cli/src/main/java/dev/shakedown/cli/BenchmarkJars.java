package dev.shakedown.cli;

import dev.shakedown.bench.Bench;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds jars with benchmarks: the working tree's, another file, or one built from a commit. */
final class BenchmarkJars {
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    static final List<String> JVM_OPTIONS = List.of("--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    /** The system property with the path of the working tree's jar, which the launcher sets. */
    private static final String OWN = "shakedown.benchmarks";
    private static final String BUILT = "bench/target/benchmarks.jar";
    private static final int LAST_LINES = 5;

    private final Consumer<String> progress;

    BenchmarkJars(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * Ends the command here if only its command line is to be checked. The launcher asks for that with an empty path,
     * before it builds what the command needs.
     *
     * @throws CannotRunException in that case
     */
    static void checkedOnly() {
        if ("".equals(System.getProperty(OWN))) {
            throw new CannotRunException("nothing is wrong with the command line");
        }
    }

    /** Returns the working tree's jar, or the tool's own if the benchmarks are in it. */
    static Path own() {
        var path = System.getProperty(OWN, inOneJar());
        if (path == null || !Files.exists(Path.of(path))) {
            throw new CannotRunException(
                    "the benchmarks are in a jar of their own: start with 'scripts/shakedown', which"
                            + " builds it");
        }
        return Path.of(path);
    }

    /** Returns {@code null} where tool and benchmarks are apart. */
    private static @Nullable String inOneJar() {
        var tool = BenchmarkJars.class.getProtectionDomain().getCodeSource().getLocation();
        var benchmarks = Bench.class.getProtectionDomain().getCodeSource().getLocation();
        return tool.equals(benchmarks) ? Path.of(URI.create(tool.toString())).toString() : null;
    }

    /**
     * Returns the jar that a user means.
     *
     * @param text a file, a commit, or {@code null} for the working tree
     */
    Path find(String option, @Nullable String text) throws IOException {
        if (text == null) {
            return own();
        }
        if (text.endsWith(".jar") || Files.exists(Path.of(text))) {
            if (!Files.isRegularFile(Path.of(text))) {
                throw new IllegalArgumentException(option + ": there is no file " + text);
            }
            return Path.of(text);
        }
        try {
            return build(commit(text), false);
        } catch (NoSuchElementException e) {
            throw new IllegalArgumentException(
                    option + ": '" + text + "' is neither a jar nor a commit of this repository", e);
        }
    }

    /** @throws NoSuchElementException if there is no commit of that name */
    private static String commit(String name) {
        try {
            return run(Path.of("."), "git", "rev-parse", "--verify", "--quiet", name + "^{commit}").strip();
        } catch (IOException e) {
            throw new NoSuchElementException(name, e);
        }
    }

    /**
     * Returns the jar of the last commit, which is built if need be.
     *
     * @param again whether to build it a second time, into another file
     */
    Path last(boolean again) throws IOException {
        try {
            return build(commit("HEAD"), again);
        } catch (NoSuchElementException e) {
            throw new IOException("there is no repository here from which to build the same code again", e);
        }
    }

    private Path build(String commit, boolean again) throws IOException {
        var root = Path.of(run(Path.of("."), "git", "rev-parse", "--show-toplevel").strip());
        var jar = Files.createDirectories(root.resolve("target").resolve("gate"))
                .resolve(commit + (again ? "-again" : "") + ".jar");
        if (Files.exists(jar)) {
            return jar;
        }
        progress.accept("building " + commit.substring(0, 10));
        var tree = Files.createTempDirectory("shakedown-gate-");
        run(root, "git", "worktree", "add", "--force", "--detach", tree.toString(), commit);
        try {
            run(tree, maven(), "-B", "-ntp", "-q",
                    "package", "-Dmaven.test.skip=true", "-Dformatter.skip=true", "-Dunchecked");
            WholeFile.write(jar, part -> Files.copy(tree.resolve(BUILT), part, StandardCopyOption.REPLACE_EXISTING));
            return jar;
        } finally {
            run(root, "git", "worktree", "remove", "--force", tree.toString());
        }
    }

    /** Finds Maven as the launcher does. */
    private static String maven() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(place -> Path.of(place, "mvn"))
                .filter(Files::isExecutable).map(Path::toString).findFirst().orElse("./mvnw");
    }

    private static String run(Path directory, String... command) throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                var lines = new ArrayList<>(text.lines().toList());
                throw new IOException(String.join(" ", command) + " failed: "
                        + String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return text;
    }
}
