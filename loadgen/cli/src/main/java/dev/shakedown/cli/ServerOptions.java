package dev.shakedown.cli;

import dev.shakedown.load.process.ServerCpu;
import dev.shakedown.run.Watched;
import java.util.List;
import picocli.CommandLine.Option;

/** Which server may be loaded, and what can be seen of it. */
final class ServerOptions {
    @Option(names = "--authorized-target", paramLabel = "HOST[/PREFIX]", //
            description = "Confirm that you may load this server, network, or each in the file of this name;"
                    + " needed for any address but loopback.")
    List<String> authorized = List.of();

    @Option(names = "--server-pid", paramLabel = "PID", //
            description = "The server's process on this machine: report its CPU time per handshake, with that of"
                    + " its children.")
    Long pid;

    /** @throws IllegalArgumentException with a sentence for the user */
    void check() {
        if (pid != null && !ServerCpu.canWatch(pid)) {
            throw new IllegalArgumentException("--server-pid " + pid
                    + " is no process that can be watched on this machine");
        }
    }

    /** What can be seen of it. */
    Watched watched() {
        return pid == null ? new Watched.Nothing() : new Watched.Process(pid);
    }
}
