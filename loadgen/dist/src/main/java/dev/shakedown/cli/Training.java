package dev.shakedown.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * What the ahead-of-time cache is trained on: commands as users give them, all in one JVM, since one JVM makes one
 * cache. The first run is long enough for good profiles; the others only have to load their classes.
 */
final class Training {
    private Training() {}

    /** Leaves its results in a directory, which does not exist yet. @param args the directory */
    public static void main(String[] args) {
        var directory = Path.of(args[0]);
        var first = directory.resolve("first").toString();
        var second = directory.resolve("second").toString();
        for (var command : List.of(
                List.of("run", "--quiet", "--mix", "full=1,resumed=4", "--concurrency", "64", "--warmup", "2s",
                        "--duration", "10s", "--out", first),
                List.of("run", "--quiet", "--rate", "100", "--count", "100", "--out", second),
                List.of("report", first), List.of("report", "--details", first), List.of("compare", first, first),
                List.of("trace"), List.of("run", "--help"), List.of("--version"))) {
            var code = Main.execute(Main.commandLine(), command.toArray(String[]::new));
            // Whatever it found, on a machine that has other things to do.
            if (code == Main.EXIT_USAGE) {
                throw new IllegalStateException("shakedown " + String.join(" ", command));
            }
        }
        System.exit(0);
    }
}
