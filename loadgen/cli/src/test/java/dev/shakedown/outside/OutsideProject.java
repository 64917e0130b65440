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

/** A project that knows of this one only what it depends on: a module for each artifact, with one program. */
final class OutsideProject {
    private static final String HEAD = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
            """;

    private final Path directory;
    private final List<String> artifacts = new ArrayList<>();

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

    /** A module that depends on this artifact alone. */
    void add(String artifact, String file, String source) throws IOException {
        artifacts.add(artifact);
        var sources = Files.createDirectories(directory.resolve(artifact).resolve("src/main/java"));
        Files.writeString(sources.resolve(file), source);
    }

    void build(Maven maven) throws IOException, InterruptedException {
        var modules = new StringBuilder();
        for (var artifact : artifacts) {
            modules.append("<module>").append(artifact).append("</module>");
            Files.writeString(directory.resolve(artifact).resolve("pom.xml"), HEAD + """
                      <parent>
                        <groupId>org.example</groupId>
                        <artifactId>outside</artifactId>
                        <version>1</version>
                      </parent>
                      <artifactId>uses-%1$s</artifactId>
                      <dependencies>
                        <dependency>
                          <groupId>dev.shakedown</groupId>
                          <artifactId>%1$s</artifactId>
                          <version>%2$s</version>
                        </dependency>
                      </dependencies>
                    </project>
                    """.formatted(artifact, maven.version()));
        }
        var plugins = new StringBuilder();
        for (var plugin : List.of("maven-resources-plugin", "maven-compiler-plugin", "maven-dependency-plugin")) {
            plugins.append("<plugin><artifactId>%s</artifactId><version>%s</version></plugin>".formatted(plugin,
                    Maven.pluginVersion(plugin)));
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
                """.formatted(modules, plugins));
        maven.run(directory, "compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath",
                "-Dmdep.includeScope=runtime");
    }

    private List<String> classpath(String artifact) throws IOException {
        return List.of(Files.readString(directory.resolve(artifact).resolve("classpath")).strip()
                .split(File.pathSeparator));
    }

    /** What of this project a module's program runs with. */
    List<String> oursOf(String artifact) throws IOException {
        return classpath(artifact).stream().filter(jar -> jar.contains("/dev/shakedown/"))
                .map(jar -> Path.of(jar).getParent().getParent().getFileName().toString()).sorted().toList();
    }

    /** What the program of a module prints; it must succeed. */
    String run(String artifact, String program, String... arguments) throws IOException, InterruptedException {
        var module = directory.resolve(artifact);
        var command = new ArrayList<>(List.of(Processes.jdk("java"), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp",
                module.resolve("target/classes") + File.pathSeparator
                        + String.join(File.pathSeparator, classpath(artifact)),
                program));
        command.addAll(Arrays.asList(arguments));
        return Processes.run(module, command);
    }
}
