package dev.shakedown.outside;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A project that knows of this one only what it depends on: a module for each artifact, with one source file. */
final class OutsideProject {
    private static final List<String> PLUGINS = List.of("maven-resources-plugin", "maven-compiler-plugin",
            "maven-surefire-plugin", "maven-dependency-plugin");
    private static final String HEAD = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
            """;

    private final Path directory;
    private final List<String> modules = new ArrayList<>();

    OutsideProject(Path directory) {
        this.directory = directory;
    }

    /** The first fenced block of a language in a document. */
    static String block(String document, String language) throws IOException {
        var found = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                .matcher(Files.readString(Maven.root().resolve(document)));
        assertTrue(found.find(), document);
        return found.group(1);
    }

    static String resource(String name) throws IOException {
        try (var stream = Objects.requireNonNull(OutsideProject.class.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a project writes to depend on an artifact. */
    static String dependency(String group, String artifact, String version) {
        return """
                <dependency>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>%s</version>
                </dependency>
                """.formatted(group, artifact, version);
    }

    /**
     * A module with these dependencies.
     *
     * @param file from the module's directory
     */
    void add(String module, String dependencies, String file, String source) throws IOException {
        modules.add(module);
        var path = directory.resolve(module).resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, source);
        Files.writeString(directory.resolve(module).resolve("pom.xml"), HEAD + """
                  <parent>
                    <groupId>org.example</groupId>
                    <artifactId>outside</artifactId>
                    <version>1</version>
                  </parent>
                  <artifactId>uses-%s</artifactId>
                  <dependencies>
                %s
                  </dependencies>
                </project>
                """.formatted(module, dependencies));
    }

    /** Compiles all of it and runs its tests, whatever becomes of those. */
    void build(Maven maven) throws IOException, InterruptedException {
        var named = modules.stream().map("<module>%s</module>"::formatted).collect(Collectors.joining());
        var plugins = new StringBuilder();
        for (var plugin : PLUGINS) {
            plugins.append("<plugin><artifactId>%s</artifactId><version>%s</version></plugin>".formatted(plugin,
                    Maven.versionOf(plugin)));
        }
        Files.writeString(directory.resolve("pom.xml"), HEAD + """
                  <groupId>org.example</groupId>
                  <artifactId>outside</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <modules>%s</modules>
                  <properties>
                    <maven.compiler.release>25</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <build><pluginManagement><plugins>%s</plugins></pluginManagement></build>
                </project>
                """.formatted(named, plugins));
        maven.run(directory, "test", "dependency:build-classpath", "-Dmdep.outputFile=classpath",
                "-Dmdep.includeScope=runtime", "-Dmaven.test.failure.ignore=true");
    }

    Path module(String module) {
        return directory.resolve(module);
    }

    private List<String> classpath(String module) throws IOException {
        return List.of(Files.readString(directory.resolve(module).resolve("classpath")).strip()
                .split(File.pathSeparator));
    }

    /** What of this project a module's program runs with. */
    List<String> oursOf(String module) throws IOException {
        return classpath(module).stream().filter(jar -> jar.contains("/dev/shakedown/"))
                .map(jar -> Path.of(jar).getParent().getParent().getFileName().toString()).sorted().toList();
    }

    /** What the program of a module prints; it must succeed. */
    String run(String module, String program, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Processes.jdk("java"), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp",
                module(module).resolve("target/classes") + File.pathSeparator
                        + String.join(File.pathSeparator, classpath(module)),
                program));
        command.addAll(Arrays.asList(arguments));
        return Processes.run(module(module), command);
    }
}
