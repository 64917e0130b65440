package dev.shakedown.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shakedown.dist.CleanRoot.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/package} made, each where there is nothing else, as {@code scripts/test} prepares both. */
@Tag("interop")
@Timeout(110)
class PackagesTest {
    private static final Path TARGET = Path.of("").toAbsolutePath().resolve("../../target").normalize();
    private static final Path MADE = TARGET.resolve("dist");
    private static final CleanRoot DEBIAN = new CleanRoot(TARGET.resolve("clean-root"));
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Beside those that a run found unfit, as it may be on a machine that tests other things as well. */
    private static final Set<Integer> DONE = Set.of(0, 3);
    private static final String[] RUN = {"run", "--quiet", "--warmup", "0s", "--duration", "2s", "--format", "json",
        "--out"};

    @BeforeAll
    static void needPackages() {
        needs(Files.isDirectory(MADE), MADE + " is missing; scripts/package makes it");
    }

    /** A skip elsewhere, a failure in continuous integration. */
    private static void needs(boolean there, String lack) {
        assertTrue(there || !"true".equals(System.getenv("CI")), lack);
        assumeTrue(there, lack);
    }

    private static void needDebian() {
        needs(DEBIAN.has("usr/bin/dpkg"), DEBIAN.directory() + " is missing, which takes root and debootstrap");
    }

    private static Path made(String ending) throws IOException {
        try (var all = Files.newDirectoryStream(MADE, "*" + ending)) {
            var found = StreamSupport.stream(all.spliterator(), false).toList();
            assertEquals(1, found.size(), () -> "one " + ending + " is to be in " + MADE + ": " + found);
            return found.getFirst();
        }
    }

    private static String version() throws IOException {
        return made(".tar.gz").getFileName().toString().replaceFirst("^shakedown-(.*)-linux-x86_64.tar.gz$", "$1");
    }

    private static void assertVersion(Ended ended) throws IOException {
        assertEquals(0, ended.exitCode(), ended::err);
        assertTrue(ended.out().startsWith("shakedown " + version() + " (commit "), ended::out);
        // All native code that is in it loads.
        assertTrue(ended.out().contains("epoll") && ended.out().contains("accp"), ended::out);
        assertEquals("", ended.err());
    }

    private static void assertRan(Ended ended) throws IOException {
        assertTrue(DONE.contains(ended.exitCode()), ended::err);
        var outcomes = JSON.readTree(ended.out()).at("/outcomes");
        assertTrue(outcomes.at("/completed").asLong() > 0, outcomes::toString);
        assertEquals(0, outcomes.at("/failed").asLong(-1), outcomes::toString);
    }

    private static String[] run(String program, String out) {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(RUN));
        command.add(out);
        return command.toArray(String[]::new);
    }

    private static void unpack(Path tar, Path directory) throws IOException, InterruptedException {
        var ended = CleanRoot.ran(directory, List.of("tar", "-xf", tar.toString()));
        assertEquals(0, ended.exitCode(), ended::err);
    }

    private static void delete(Path directory) throws IOException, InterruptedException {
        assertEquals(0, CleanRoot.ran(TARGET, List.of("rm", "-rf", directory.toString())).exitCode());
    }

    @Test
    void digestsAreThoseOfTheFiles() throws IOException, NoSuchAlgorithmException {
        var artefacts = List.of(made(".tar.gz"), made(".deb"), made(".jar"), made("image.tar"), made(".cdx.json"));
        for (var artefact : artefacts) {
            var digest = HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(artefact)));
            assertEquals(digest + "  " + artefact.getFileName() + "\n",
                    Files.readString(Path.of(artefact + ".sha256")));
        }
    }

    @Test
    void archiveRunsWhereNothingIsInstalled() throws IOException, InterruptedException {
        needDebian();
        var home = DEBIAN.directory().resolve("opt/shakedown-" + version());
        var results = DEBIAN.directory().resolve("tmp/results");
        var before = DEBIAN.files();
        try {
            unpack(made(".tar.gz"), DEBIAN.directory().resolve("opt"));
            var unpacked = DEBIAN.files();
            var program = "/opt/shakedown-" + version() + "/bin/shakedown";
            assertVersion(DEBIAN.run(program, "--version"));
            assertRan(DEBIAN.run(run(program, "/tmp/results")));
            // Started so, the JVM ends where it would else go without its cache in silence.
            var lib = "/opt/shakedown-" + version() + "/lib/";
            assertVersion(DEBIAN.run(lib + "runtime/bin/java", "@" + lib + "java.options", "-XX:AOTMode=on",
                    "-XX:AOTCache=" + lib + "shakedown.aot", "-XX:+UseSerialGC",
                    "-Djava.library.path=" + lib + "native", "-jar", lib + "shakedown.jar", "--version"));
            var benchmarks = DEBIAN.run(program, "bench", "-l");
            assertTrue(benchmarks.out().contains("KeyScheduleBenchmark"), benchmarks::err);
            delete(results);
            assertEquals(unpacked, DEBIAN.files(), "it wrote elsewhere than where its results are to be");
            for (var part : List.of("LICENSE", "licenses/THIRD-PARTY.txt", "licenses/jmh-core/LICENSE",
                    "lib/runtime/legal/java.base/LICENSE", "share/man/man1/shakedown.1")) {
                assertTrue(Files.isRegularFile(home.resolve(part)), part);
            }
        } finally {
            delete(home);
            delete(results);
        }
        assertEquals(before, DEBIAN.files());
    }

    @Test
    void debianPackageInstallsRunsAndLeavesNothing() throws IOException, InterruptedException {
        needDebian();
        var before = DEBIAN.files();
        var file = DEBIAN.directory().resolve("tmp/shakedown.deb");
        var results = DEBIAN.directory().resolve("tmp/results");
        try {
            Files.copy(made(".deb"), file);
            var installed = DEBIAN.run("dpkg", "-i", "/tmp/shakedown.deb");
            assertEquals(0, installed.exitCode(), installed::err);
            assertVersion(DEBIAN.run("shakedown", "--version"));
            assertRan(DEBIAN.run(run("shakedown", "/tmp/results")));
            for (var part : List.of("doc/shakedown/copyright", "doc/shakedown/licenses/jmh-core/LICENSE",
                    "man/man1/shakedown-run.1.gz", "bash-completion/completions/shakedown",
                    "zsh/vendor-completions/_shakedown", "fish/vendor_completions.d/shakedown.fish")) {
                assertTrue(DEBIAN.has("usr/share/" + part), part);
            }
            var verified = DEBIAN.run("dpkg", "--verify", "shakedown");
            assertEquals("", verified.out() + verified.err());
        } finally {
            DEBIAN.run("dpkg", "--purge", "shakedown");
            delete(file);
            delete(results);
        }
        assertEquals(before, DEBIAN.files());
    }

    @Test
    void jarRunsOnAnyJdkAndHoldsNativeCodeOfOnePlatform(@TempDir Path directory)
            throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jar = made(".jar");
        assertVersion(CleanRoot.ran(directory, List.of(java, "-jar", jar.toString(), "--version")));
        var command = new ArrayList<>(List.of(java, "-jar", jar.toString()));
        command.addAll(List.of(RUN));
        command.add("results");
        assertRan(CleanRoot.ran(directory, command));
        try (var entries = new JarFile(jar.toFile())) {
            var natives = new TreeSet<String>();
            entries.stream().map(entry -> entry.getName().replaceFirst(".*/", ""))
                    .filter(name -> name.matches(".*\\.(so|dll|jnilib|dylib)")).forEach(natives::add);
            assertEquals(Set.of("libamazonCorrettoCryptoProvider.so", "libnetty_tcnative_linux_x86_64.so",
                    "libnetty_transport_native_epoll_x86_64.so", "libnetty_transport_native_io_uring42_x86_64.so"),
                    natives);
            for (var part : List.of("LICENSE", "README.txt", "THIRD-PARTY.txt", "jmh-core/LICENSE", "bouncy-castle.txt",
                    "netty-tcnative-boringssl-static-linux-x86_64/LICENSE.boringssl.txt")) {
                assertTrue(entries.getEntry("META-INF/licenses/" + part) != null, part);
            }
        }
    }

    @Test
    void imageRunsWithoutRootAndWithoutWriting(@TempDir Path directory) throws IOException, InterruptedException {
        var archive = Files.createDirectory(directory.resolve("archive"));
        unpack(made("image.tar"), archive);
        var image = JSON.readTree(archive.resolve("manifest.json").toFile()).get(0);
        var config = JSON.readTree(archive.resolve(image.at("/Config").asText()).toFile()).at("/config");
        // The layout names the same blobs, by their digests.
        var manifest = blob(archive, JSON.readTree(archive.resolve("index.json").toFile()).at("/manifests/0"));
        assertEquals(image.at("/Config").asText(), path(manifest.at("/config")));
        var root = new CleanRoot(Files.createDirectory(directory.resolve("root")));
        for (var layer : manifest.at("/layers")) {
            unpack(archive.resolve(path(layer)), root.directory());
        }
        assertEquals("65532:65532", config.at("/User").asText());
        assertFalse(root.has("bin/sh") || root.has("usr/bin"), "there is to be no shell");
        assertTrue(root.has("opt/shakedown/licenses/THIRD-PARTY.txt") && root.has("usr/share/doc/libc6/copyright"));
        needs("root".equals(System.getProperty("user.name")), "a root directory of its own takes root");
        Files.createDirectory(root.directory().resolve("proc"));
        var command = new ArrayList<String>();
        config.at("/Entrypoint").forEach(word -> command.add(word.asText()));
        var asked = new ArrayList<>(command);
        asked.add(1, "-XX:AOTMode=on");
        asked.add("--version");
        assertVersion(root.runReadOnly(config.at("/User").asText(), asked));
        command.addAll(List.of(RUN));
        command.add("/data/results");
        assertRan(root.runReadOnly(config.at("/User").asText(), command));
    }

    private static String path(JsonNode descriptor) {
        return "blobs/" + descriptor.at("/digest").asText().replace(':', '/');
    }

    private static JsonNode blob(Path archive, JsonNode descriptor) throws IOException {
        return JSON.readTree(archive.resolve(path(descriptor)).toFile());
    }

    @Test
    void partsListNamesWhatIsInTheJarAndNoMore() throws IOException {
        var names = new TreeSet<String>();
        for (var component : JSON.readTree(made(".cdx.json").toFile()).at("/components")) {
            names.add(component.at("/purl").asText().replaceFirst("^pkg:maven/", ""));
        }
        for (var part : List.of("io.netty/netty-handler@", "org.openjdk.jmh/jmh-core@", "info.picocli/picocli@")) {
            assertTrue(names.stream().anyMatch(name -> name.startsWith(part)), () -> part + " in " + names);
        }
        assertEquals(List.of(),
                names.stream().filter(name -> name.matches(".*classifier=(?!linux-x86_64).*")).toList());
    }
}
