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

/** Jars with benchmarks: the working tree's, any other, or one built from a commit. */
final class BenchmarkJars {
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    static final List<String> JVM_OPTIONS = List.of("--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    /** Says where the working tree's is; the launcher sets it. */
    private static final String OWN = "shakedown.benchmarks";
    private static final String BUILT = "bench/target/benchmarks.jar";
    private static final int LAST_LINES = 5;

    private final Consumer<String> progress;

    BenchmarkJars(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * Ends a command here whose command line is only to be checked: the launcher asks so, by naming no file, before it
     * builds what the command needs.
     *
     * @throws CannotRunException then
     */
    static void checkedOnly() {
        if ("".equals(System.getProperty(OWN))) {
            throw new CannotRunException("nothing is wrong with the command line");
        }
    }

    /** The working tree's; or the tool's, where they are all in one. */
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
     * The jar that a user means.
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

    /** @throws NoSuchElementException if there is none of that name */
    private static String commit(String name) {
        try {
            return run(Path.of("."), "git", "rev-parse", "--verify", "--quiet", name + "^{commit}").strip();
        } catch (IOException e) {
            throw new NoSuchElementException(name, e);
        }
    }

    /**
     * The last commit's.
     *
     * @param anew whether it is built a second time, to another file
     */
    Path last(boolean anew) throws IOException {
        try {
            return build(commit("HEAD"), anew);
        } catch (NoSuchElementException e) {
            throw new IOException("there is no repository here to build the same code from again", e);
        }
    }

    private Path build(String commit, boolean anew) throws IOException {
        var root = Path.of(run(Path.of("."), "git", "rev-parse", "--show-toplevel").strip());
        var jar = Files.createDirectories(root.resolve("target").resolve("gate"))
                .resolve(commit + (anew ? "-again" : "") + ".jar");
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

    /** As the launcher finds it. */
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
