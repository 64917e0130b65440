package dev.shakedown.cli;

import java.io.IOException;

/**
 * Does what the ahead-of-time cache of a release is trained on. The run is long enough for good profiles; the commands of
 * the rehearsal only have to load their classes. All are in one process, because one process makes one cache.
 */
final class Training {
    private Training() {}

    /**
     * Runs the commands.
     *
     * @param args the result directory of the run, which must not exist yet
     * @throws IllegalStateException if a command failed
     */
    public static void main(String[] args) throws IOException {
        String[] run = {"run", "--quiet", "--mix", "full=1,resumed=4", "--concurrency", "64", "--warmup", "2s",
            "--duration", "10s", "--out", args[0]};
        var code = Main.execute(Main.commandLine(run), run);
        // A machine with other things to do makes a run unfit, but trains as well.
        if (code != 0 && code != Main.EXIT_UNFIT) {
            throw new IllegalStateException("the run failed with " + code);
        }
        Rehearsal.main(args[0]);
        System.exit(0);
    }
}
