package dev.shakedown.outside;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Maven with a local repository of its own, in which of this project is only what it installs there. All else is that
 * of this machine, by links, so that nothing is fetched twice.
 */
record Maven(Path repository, String version) {
    private static final List<String> BUILT_FROM = List.of("pom.xml", ".mvn", "results", "loadgen", "bench");

    static Maven withRepository(Path repository) throws IOException {
        var usual = Path.of(System.getProperty("localRepository",
                System.getProperty("user.home") + "/.m2/repository"));
        // Other groups may begin as ours does.
        link(usual, repository, "dev");
        link(usual.resolve("dev"), repository.resolve("dev"), "shakedown");
        return new Maven(repository, first("<version>(.+?)</version>", Files.readString(root().resolve("pom.xml"))));
    }

    private static void link(Path from, Path to, String butNot) throws IOException {
        Files.createDirectories(to);
        if (Files.isDirectory(from)) {
            try (var entries = Files.list(from)) {
                for (var entry : entries.filter(each -> !each.getFileName().toString().equals(butNot)).toList()) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry.toAbsolutePath());
                }
            }
        }
    }

    static Path root() {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return root;
    }

    /** What is built from this tree without its tests, so that two builds do not meet in one tree. */
    static Path copyOfTree(Path copy) throws IOException {
        for (var part : BUILT_FROM) {
            try (var files = Files.walk(root().resolve(part))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var path = root().relativize(file);
                    if (!path.toString().matches("(.*/)?(target|src/test)/.*")) {
                        var to = copy.resolve(path);
                        Files.createDirectories(to.getParent());
                        Files.copy(file, to);
                    }
                }
            }
        }
        return copy;
    }

    /** Which version of a plugin, or of a library, this project's own build uses. */
    static String versionOf(String artifact) throws IOException {
        return first("<artifactId>" + artifact + "</artifactId>\\s*<version>(.+?)</version>",
                Files.readString(root().resolve("pom.xml")));
    }

    private static String first(String pattern, String text) {
        var found = Pattern.compile(pattern).matcher(text);
        assertTrue(found.find(), pattern);
        return found.group(1);
    }

    /** It must succeed. */
    String run(Path project, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(program(), "-B", "-ntp", "-Dmaven.repo.local=" + repository.toAbsolutePath()));
        command.addAll(List.of(arguments));
        return Processes.run(project, command);
    }

    private static String program() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(place -> Path.of(place, "mvn"))
                .filter(Files::isExecutable).findFirst().orElseGet(() -> root().resolve("mvnw")).toString();
    }

    /** A jar that was installed, by what stands behind the version in its name. */
    Path installed(String artifact, String classifier) {
        return repository.resolve("dev/shakedown").resolve(artifact).resolve(version)
                .resolve(artifact + "-" + version + classifier + ".jar");
    }
}
