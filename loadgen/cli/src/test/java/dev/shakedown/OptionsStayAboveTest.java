package dev.shakedown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which option sets something is the command line's matter: what is below it gives advice as data. */
class OptionsStayAboveTest {
    /** A comment, or a string literal: whichever begins first holds the other. */
    private static final Pattern COMMENT_OR_LITERAL = Pattern.compile("""
            /\\*.*?\\*/|//[^\\n]*|'"'|\"""(?<block>.*?)\"""|"(?<line>(?:[^"\\\\\\n]|\\\\.)*)\"""", Pattern.DOTALL);
    private static final Pattern OPTION = Pattern.compile("--[a-z]");
    /** Those that have a command line; that of the benchmarks is their own. */
    private static final Pattern COMMAND_LINE = Pattern.compile("package dev\\.shakedown\\.(cli|bench);");

    @Test
    void noLayerBelowTheCommandLineNamesAnOption() throws IOException {
        var below = new ArrayList<String>();
        var above = 0;
        for (var file : sources()) {
            var source = Files.readString(file);
            var options = options(source);
            if (COMMAND_LINE.matcher(source).find()) {
                above += options.size();
            } else {
                options.forEach(literal -> below.add(file + " says " + literal));
            }
        }
        assertEquals(List.of(), below);
        assertTrue(above > 100, "the scan sees the command line's own: " + above);
    }

    @Test
    void literalsAreToldFromComments() {
        assertEquals(List.of("try --this"), options("f(\"try --this\"); // not \"--that\""));
        assertEquals(List.of("\\\" --this"), options("/* \"--that\" */ f('\"', \"\\\" --this\");"));
        assertEquals(List.of("\n  --this \"a\"\n"), options("f(\"\"\"\n  --this \"a\"\n\"\"\");"));
        assertFalse(options("i--; f(\"http://host\", \"--this\");").isEmpty());
        assertEquals(List.of(), options("i--; f(\"a -- b\", \"---\");"));
    }

    private static List<String> options(String source) {
        return COMMENT_OR_LITERAL.matcher(source).results()
                .map(found -> found.group("block") == null ? found.group("line") : found.group("block"))
                .filter(literal -> literal != null && OPTION.matcher(literal).find()).toList();
    }

    private static List<Path> sources() throws IOException {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        var sources = new ArrayList<Path>();
        for (var module : List.of("results", "loadgen", "bench")) {
            try (var files = Files.walk(root.resolve(module))) {
                files.filter(file -> file.toString().contains("/src/main/java/") && file.toString().endsWith(".java"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
