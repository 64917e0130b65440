package dev.shakedown.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code mvn install} leaves in a local repository is all that a project outside of this tree needs. */
@Tag("interop")
@Timeout(600)
class InstalledArtifactsTest {
    @TempDir
    private static Path directory;
    private static Maven maven;
    private static OutsideProject outside;

    @BeforeAll
    @Timeout(600)
    static void install() throws IOException, InterruptedException {
        maven = Maven.withRepository(directory.resolve("repository"));
        var tree = Maven.copyOfTree(directory.resolve("tree"));
        maven.run(tree, "install", "-pl", "bench/junit", "-am", "-Dmaven.test.skip=true", "-Dformatter.skip=true",
                "-Dunchecked");
        outside = new OutsideProject(directory.resolve("outside"));
        outside.add("tls", OutsideProject.dependency("dev.shakedown", "shakedown-tls", maven.version()),
                "src/main/java/InMemoryHandshake.java", OutsideProject.resource("InMemoryHandshake.java"));
        outside.add("run", OutsideProject.block("loadgen/README.md", "xml"), "src/main/java/Example.java",
                OutsideProject.block("loadgen/README.md", "java"));
        outside.add("junit", OutsideProject.block("bench/README.md", "xml")
                + OutsideProject.dependency("org.junit.jupiter", "junit-jupiter", Maven.versionOf("junit-bom")),
                "src/test/java/HandshakesTest.java", OutsideProject.block("bench/README.md", "java"));
        outside.build(maven);
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "tls", "net", "server", "conversation", "trace", "load", "run", "junit"})
    void sourcesAndJavadocLieBesideTheClasses(String module) throws IOException {
        var artifact = "shakedown-" + module;
        var packages = "dev/shakedown/" + module + "/";
        assertTrue(holds(maven.installed(artifact, ""), packages + ".+\\.class"));
        assertTrue(holds(maven.installed(artifact, "-sources"), packages + ".+\\.java"));
        assertTrue(holds(maven.installed(artifact, "-javadoc"), packages + ".+\\.html"));
    }

    private static boolean holds(Path jar, String name) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().matches(name));
        }
    }

    /** The client alone has no sockets, and needs nothing of ours beside it. */
    @Test
    void theClientAloneMakesHandshakesInMemory() throws IOException, InterruptedException {
        var store = directory.resolve("server.p12");
        Processes.run(directory, List.of(Processes.jdk("keytool"), "-genkeypair", "-keyalg", "EC", "-groupname",
                "secp256r1", "-dname", "CN=localhost", "-alias", "server", "-keystore", store.toString(), "-storepass",
                "secret"));
        assertEquals(List.of("shakedown-tls"), outside.oursOf("tls"));
        assertEquals("""
                TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 full
                TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 resumed
                TLSv1.3 TLS_AES_128_GCM_SHA256 full
                TLSv1.3 TLS_AES_128_GCM_SHA256 resumed
                """, outside.run("tls", "InMemoryHandshake", store.toString(), "secret"));
    }

    @Test
    void theTenLinesOfTheManualRun() throws IOException, InterruptedException {
        var printed = outside.run("run", "Example");
        assertTrue(Pattern.compile("^Outcomes\\[planned=400, completed=400, ").matcher(printed).find(), printed);
    }

    /** Whether it passes is up to this machine; what else becomes of it, its message says. */
    @Test
    void theJunitTestOfTheManualRuns() throws IOException {
        var report = Files
                .readString(outside.module("junit").resolve("target/surefire-reports/TEST-HandshakesTest.xml"));
        assertTrue(report.contains("<testcase name=\"twoHundredASecondAreQuick(RunResult)\""), report);
        assertTrue(!Pattern.compile("<(skipped|failure|error)\\b").matcher(report).find()
                || report.contains("objective missed: p99 ")
                || report.contains("the generator or its machine may have distorted the figures, because "), report);
        try (var loads = Files.list(outside.module("junit").resolve("target/tls-load"))) {
            var page = loads.toList().getFirst().resolve("report.html");
            assertTrue(Files.readString(page).contains("p99"), page::toString);
        }
    }
}
