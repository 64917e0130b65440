package dev.shakedown.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One command, run in this JVM on the way it goes from a shell: its exit code and what it wrote. */
public record CommandRun(int exitCode, String out, String err) {

    public static CommandRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exitCode = Main.execute(
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)), arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
