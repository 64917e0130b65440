package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.run.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, in a source tree of its own whose jar stands for the classes under test. */
@Tag("interop")
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LauncherTest {
    @TempDir
    private Path root;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void makeTree() throws IOException {
        var scripts = Path.of("").toAbsolutePath().resolve("../../scripts");
        for (var script : List.of("shakedown", "jvm.sh", "jdk25.sh")) {
            Files.createDirectories(root.resolve("scripts"));
            Files.copy(scripts.resolve(script), root.resolve("scripts").resolve(script));
        }
        for (var module : List.of("results", "loadgen/cli", "bench")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
        }
        Files.createFile(root.resolve("pom.xml"));
        var target = Files.createDirectories(root.resolve("loadgen/cli/target"));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Name.MAIN_CLASS, "dev.shakedown.cli.Main");
        manifest.getMainAttributes().put(Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(target.resolve("shakedown-cli-1.jar")), manifest).close();
        Files.createFile(target.resolve("launcher.stamp"));
    }

    @ParameterizedTest
    @CsvSource({"JAVA_TOOL_OPTIONS, -XX:+UseG1GC", "JAVA_TOOL_OPTIONS, -Xmx64m", "JDK_JAVA_OPTIONS, -XX:+UseParallelGC",
        "JDK_JAVA_OPTIONS, -Xmx64m", "SHAKEDOWN_JAVA_OPTS, -XX:+UseZGC", "SHAKEDOWN_JAVA_OPTS, -Xmx64m -Xmn8m",
        "JAVA_TOOL_OPTIONS, -XX:MaxRAMPercentage=2", "JAVA_TOOL_OPTIONS, -Dharmless=yes"})
    void theUsersHeapAndCollectorWin(String variable, String options) throws IOException, InterruptedException {
        var ended = launch(variable, options, "--version");
        assertEquals(new Ended(0, "shakedown " + Tool.version(), ""),
                new Ended(ended.exitCode, ended.out.replaceFirst("(?s) \\(commit .*", ""),
                        withoutTheJvmsOwn(ended.err)));
    }

    @Test
    void theUsersChoiceReachesTheJvm() throws IOException, InterruptedException {
        var flags = launch("SHAKEDOWN_JAVA_OPTS", "-XX:+PrintFlagsFinal -XX:+UseG1GC -Xmx64m", "--version").out;
        assertTrue(flags.matches("(?s).*MaxHeapSize +:?= 67108864 .*"), flags);
        assertTrue(flags.matches("(?s).*UseG1GC +:?= true .*"), flags);
    }

    /** 16 MB of it for each processor, and 448 for what lives long. */
    @Test
    void theHeapHasABound() throws IOException, InterruptedException {
        var flags = launch("SHAKEDOWN_JAVA_OPTS", "-XX:+PrintFlagsFinal", "--version").out;
        var heap = Pattern.compile("MaxHeapSize +:?= (\\d+) ").matcher(flags);
        assertTrue(heap.find(), flags);
        var most = Math.max(32, 16 * Runtime.getRuntime().availableProcessors()) + 448;
        assertTrue(Long.parseLong(heap.group(1)) <= (long) most << 20, heap.group());
    }

    @ParameterizedTest
    @CsvSource({"JAVA_TOOL_OPTIONS, -XX:+NoSuch, Unrecognized VM option 'NoSuch'",
        "SHAKEDOWN_JAVA_OPTS, -Xmx1, Too small maximum heap",
        "JDK_JAVA_OPTIONS, -XX:+UseG1GC -XX:+UseSerialGC, Multiple garbage collectors selected"})
    void aJvmThatDoesNotStartIsNoMissedGate(String variable, String options, String because)
            throws IOException, InterruptedException {
        var ended = launch(variable, options, "--version");
        assertEquals(3, ended.exitCode);
        assertEquals("", ended.out);
        assertTrue(ended.err.startsWith("shakedown: the JVM does not start; ") && ended.err.endsWith(because + "\n"),
                ended.err);
    }

    @ParameterizedTest
    @CsvSource({"run --foo, 2", "scan 127.0.0.1:1, 3"})
    void theCommandsOwnCodeComesThrough(String arguments, int code) throws IOException, InterruptedException {
        assertEquals(code, launch("JAVA_TOOL_OPTIONS", "-Xmx64m", arguments.split(" ")).exitCode);
    }

    /** It would warn of that number; it warns likewise of a temporary directory that it cannot load libraries from. */
    @Test
    void nettysOwnLogLinesStayOffTheTerminal() throws IOException, InterruptedException {
        assertEquals("",
                launch("SHAKEDOWN_JAVA_OPTS", "-Dio.netty.eventLoop.maxPendingTasks=many", "run", "--count", "4",
                        "--warmup", "0s", "--quiet", "--out", root.resolve("out").toString()).err);
    }

    /** Such as a temporary directory from which no library may be loaded. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatSlowsAllDownIsSaid() throws IOException, InterruptedException {
        var ended = launch("SHAKEDOWN_JAVA_OPTS", "-Dio.netty.transport.noNative=true", "run", "--count", "4",
                "--warmup",
                "0s", "--quiet", "--details", "--out", root.resolve("out").toString());
        assertEquals(0, ended.exitCode, ended.err);
        assertTrue(ended.err.startsWith("shakedown: transport ") && ended.err.contains("so nio is used"), ended.err);
        assertTrue(ended.err.contains("io.netty.transport.noNative"), ended.err);
        assertEquals(1, ended.err.lines().count(), ended.err);
        assertTrue(ended.out.contains("; nio, "), ended.out);
    }

    @Test
    void aHeapThatIsTooSmallIsNoMissedGate() throws IOException, InterruptedException {
        var ended = launch("SHAKEDOWN_JAVA_OPTS", "-Xmx6m -XX:+UseSerialGC", "run", "--count", "9");
        assertEquals(3, ended.exitCode, ended.err);
        assertTrue(ended.err.contains("memory"), ended.err);
    }

    /** There is no Maven project in this tree: any build here fails. */
    @ParameterizedTest
    @CsvSource({"--help", "-h", "run --help", "gate time --help", "bench --help", "--version"})
    void helpIsThereWithoutBuilding(String arguments) throws IOException, InterruptedException {
        Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        var stale = launch("JAVA_TOOL_OPTIONS", "-Dharmless=yes", arguments.split(" "));
        assertEquals(0, stale.exitCode, stale.err);
        assertEquals("", withoutTheJvmsOwn(stale.err));
        Files.delete(root.resolve("loadgen/cli/target/shakedown-cli-1.jar"));
        var unbuilt = launch("JAVA_TOOL_OPTIONS", "-Dharmless=yes", arguments.split(" "));
        assertEquals(0, unbuilt.exitCode, unbuilt.err);
        assertTrue(unbuilt.out.contains("not built yet") && unbuilt.out.contains("README.md"), unbuilt.out);
        assertEquals("", unbuilt.err);
        assertFalse(Files.exists(root.resolve("target")));
    }

    @Test
    void aFirstBuildSaysWhatItDoes() throws IOException, InterruptedException {
        Files.delete(root.resolve("loadgen/cli/target/shakedown-cli-1.jar"));
        var ended = launch("JAVA_TOOL_OPTIONS", "-Dharmless=yes", "run");
        assertEquals(3, ended.exitCode);
        assertTrue(
                ended.err.lines().findFirst().orElse("").matches("shakedown: building, as this is the first use: .*half"
                        + " a minute.*"),
                ended.err);
    }

    /** Nothing can be built in this tree, so that each of these would end with 3 otherwise. */
    @ParameterizedTest
    @CsvSource({"gate time --base HEAD --pears 8, there is no option --pears",
        "gate time --base HEAD --pairs 7, --pairs must be an even number",
        "gate load --base 127.0.0.1:1, load needs --head", "gate lode, there is no command"})
    void whatIsWrongWithAGateIsSaidBeforeItsBenchmarksAreBuilt(String arguments, String complaint)
            throws IOException, InterruptedException {
        var ended = launch("SHAKEDOWN_JAVA_OPTS", "-Dharmless=yes", arguments.split(" "));
        assertEquals(2, ended.exitCode, ended.err);
        assertTrue(ended.err.startsWith("shakedown: " + complaint), ended.err);
        assertEquals(1, ended.err.lines().count(), ended.err);
        assertFalse(Files.exists(root.resolve("target")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate time --base HEAD", "gate signals"})
    void aGateOfBenchmarksHasThemBuilt(String arguments) throws IOException, InterruptedException {
        var ended = launch("SHAKEDOWN_JAVA_OPTS", "-Dharmless=yes", arguments.split(" "));
        assertEquals(3, ended.exitCode, ended.err);
        assertTrue(ended.err.startsWith("shakedown: building the benchmarks"), ended.err);
    }

    /** It measures servers: nobody listens at these, and nothing is built to find that out. */
    @Test
    void aGateOfServersNeedsNoBenchmarks() throws IOException, InterruptedException {
        var ended = launch("SHAKEDOWN_JAVA_OPTS", "-Dharmless=yes", "gate", "load", "--base", "127.0.0.1:1", "--head",
                "127.0.0.1:1", "--rate", "20", "--block", "1s", "--quiet", "--out", root.resolve("out").toString());
        assertEquals(3, ended.exitCode, ended.err);
        assertTrue(ended.err.contains("no handshake completed"), ended.err);
        assertFalse(Files.exists(root.resolve("target")));
    }

    private static String withoutTheJvmsOwn(String err) {
        return err.lines().filter(line -> !line.contains("icked up J")).collect(Collectors.joining("\n"));
    }

    private Ended launch(String variable, String value, String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(root.resolve("scripts/shakedown").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.contains("JAVA"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put(variable, value);
        var err = Files.createTempFile(root, "err", "");
        var process = builder.redirectError(err.toFile()).start();
        try {
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(40, TimeUnit.SECONDS));
            return new Ended(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
