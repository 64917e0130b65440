package dev.shakedown.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Fails a build when a change made it slower. */
@Command(name = "gate", mixinStandardHelpOptions = true, sortOptions = false, //
        subcommands = {GateTimeCommand.class, GateLoadCommand.class, GateSignalsCommand.class,
            GateSelftestCommand.class}, //
        header = "Fail a build when a change made it slower or costlier.", //
        synopsisSubcommandLabel = "time|load|signals|selftest", //
        description = {
            "Each row ends in PASS, FAIL, INCONCLUSIVE or INCOMPARABLE. time and load measure both sides in turn, in"
                    + " the same job; signals compares figures that hardly vary with a committed baseline.%n"}, //
        footer = {"", "Examples:", "  shakedown gate time --base origin/main FinishedMac KeySchedule",
            "  shakedown gate time --base old.jar --head new.jar --threshold 5%%",
            "  shakedown gate load --base 127.0.0.1:8443 --head 127.0.0.1:9443 --rate 200",
            "  shakedown gate signals", "",
            "Exit codes: 0 pass, 1 fail, 2 usage, 3 inconclusive or not possible, 4 incomparable."})
final class GateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no gate named; choose time, load, signals or selftest");
    }
}
