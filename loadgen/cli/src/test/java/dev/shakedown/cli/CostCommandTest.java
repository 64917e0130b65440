package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shakedown.load.Ports;
import dev.shakedown.results.HostPort;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code cost} takes its figures for no good, or does not even begin. */
@Tag("interop")
@Timeout(60)
class CostCommandTest {
    @TempDir
    private Path directory;

    /** Twice as many as the server carries, and one at a time: most of what is due is never begun. */
    @ParameterizedTest
    @CsvSource({"--strict, 3", "--quiet, 0"})
    void anUnfitResultIsAnAnswerUnlessOneIsStrict(String option, int exitCode) throws IOException {
        var options = TlsServerOptions.defaults().withWorkers(Duration.ofMillis(20).toNanos(), 1);
        try (var target = TlsServer.start(options)) {
            var run = CommandRun.of("cost", HostPort.of(target.address()), "--rate", "100", "--max-in-flight",
                    "1",
                    "--groups", "1", "--block", "500ms", "--warmup", "0s", "--out", directory.resolve("out").toString(),
                    option);
            assertEquals(exitCode, run.exitCode(), run::toString);
            assertTrue(run.out().contains("\nUNFIT: ") && run.out().contains("\nNOT FIT  page "), run::out);
            assertEquals(exitCode == 3, run.err().contains("--strict: the generator may have distorted the figures"),
                    run::err);
        }
    }

    /** A million a second is more than any machine has ports for, and so it is said before the first block. */
    @ParameterizedTest
    @ValueSource(strings = {"cost", "gate load"})
    void whatPortsWillNotSufficeForIsNotBegun(String command) throws IOException {
        assumeTrue(Files.isReadable(Ports.SETTINGS.resolve("ip_local_port_range")), "only Linux tells of its ports");
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var server = HostPort.of(target.address());
            var arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(command.equals("cost")
                    ? List.of(server, "--close", "notify")
                    : List.of("--base", server, "--head", server + " --close notify"));
            arguments.addAll(List.of("--rate", "1000000", "--out", directory.resolve("out").toString()));
            var run = CommandRun.of(arguments.toArray(String[]::new));
            assertEquals(3, run.exitCode(), run::toString);
            assertTrue(run.err().contains("--close notify keeps up to") && run.err().contains("use --close rst"),
                    run::err);
        }
    }
}
