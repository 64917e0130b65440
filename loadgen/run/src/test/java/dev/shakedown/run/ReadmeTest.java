package dev.shakedown.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of the library is true to the letter. */
@Tag("interop")
@Timeout(120)
class ReadmeTest {
    private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+");

    @TempDir
    private Path directory;

    @Test
    void itsProgramRunsAndPrintsWhatItSays() throws IOException, InterruptedException {
        var readme = Files.readString(readme());
        var program = block(readme, "java");
        assertTrue(program.contains("new Run("), program);
        assertEquals("", compile(program));
        var printed = directory.resolve("printed");
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8", "-cp", directory + ":" + System.getProperty("java.class.path"), "Example")
                .redirectOutput(printed.toFile()).redirectError(directory.resolve("warned").toFile()).start();
        try {
            assertTrue(process.waitFor(100, TimeUnit.SECONDS));
            var lines = Files.readString(printed);
            assertEquals(0, process.exitValue(), Files.readString(directory.resolve("warned")));
            assertEquals(withoutTimes(block(readme, "")), withoutTimes(lines));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** @return what the compiler complains of */
    private String compile(String program) throws IOException {
        var source = Files.writeString(directory.resolve("Example.java"), program);
        var complaints = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            compiler.getTask(complaints, files, null,
                    List.of("-cp", System.getProperty("java.class.path"), "-d", directory.toString(), "-proc:none"),
                    null, files.getJavaFileObjects(source)).call();
        }
        return complaints.toString();
    }

    /** How long a handshake takes differs from machine to machine. */
    private static String withoutTimes(String lines) {
        return NUMBER.matcher(lines.strip()).replaceAll("…");
    }

    /** The first fenced block of a language. */
    private static String block(String readme, String language) {
        var found = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(language.isEmpty() ? readme.replaceAll("(?ms)^```[a-z]+$.*?^```$", "") : readme);
        assertTrue(found.find());
        return found.group(1);
    }

    private static Path readme() {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return root.resolve("loadgen").resolve("README.md");
    }
}
