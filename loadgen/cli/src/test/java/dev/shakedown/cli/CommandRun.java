package dev.shakedown.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shakedown.results.Json;
import dev.shakedown.schema.Schemas;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One command, run in this JVM on the way it goes from a shell: its exit code and what it wrote. The JSON that it
 * printed, or left in its directory of results, is as the schemas of results say.
 */
public record CommandRun(int exitCode, String out, String err) {

    public static CommandRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exitCode = Main.execute(
                Main.commandLine(arguments).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)), arguments);
        holdAgainstSchemas(List.of(arguments), out.toString(), exitCode);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    private static void holdAgainstSchemas(List<String> arguments, String out, int exitCode) {
        if (out.startsWith("{")) {
            try {
                Schemas.hold(Json.PLAIN.readTree(out));
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + out, e);
            }
        }
        var option = arguments.indexOf("--out");
        if (exitCode != Main.EXIT_USAGE && option >= 0 && Files.isDirectory(Path.of(arguments.get(option + 1)))) {
            Schemas.holdAllIn(Path.of(arguments.get(option + 1)));
        }
    }
}
