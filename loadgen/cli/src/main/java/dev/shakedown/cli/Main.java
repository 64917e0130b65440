package dev.shakedown.cli;

import dev.shakedown.bench.Bench;
import dev.shakedown.cli.value.Readers;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.Tool;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** The command {@code shakedown}. */
@Command(name = "shakedown", versionProvider = Main.Version.class, mixinStandardHelpOptions = true, //
        subcommands = {RunCommand.class, CapacityCommand.class, CostCommand.class, TraceCommand.class,
            ScanCommand.class,
            ServerCommand.class,
            ReportCommand.class, CompareCommand.class, RunsCommand.class, GateCommand.class,
            Bench.class}, //
        header = "Loads a TLS server with full and resumed handshakes and reports what each costs.", //
        synopsisSubcommandLabel = "COMMAND", //
        footer = {"", "Examples:", "  shakedown run                       try it on an embedded server",
            "  shakedown run 127.0.0.1:8443 --rate 1k --duration 30s --mix 20/80",
            "  shakedown capacity 127.0.0.1:8443 --objective 'p99<20ms,failures<0.1%%'",
            "  shakedown trace 127.0.0.1:8443      where and why a handshake fails",
            "  shakedown help run                  and 'shakedown --list ciphers'", "",
            "Exit codes: 0 success, 1 objective or gate missed, 2 usage, 3 the run could not be done or is unfit,"
                    + " 4 a gate has nothing to compare with."})
public final class Main implements Runnable {
    static final String NAME = Tool.NAME;

    /** A constant: there is no room for more. */
    private static final String NO_MEMORY = NAME + ": the JVM ran out of memory; give its heap more, with -Xmx in"
            + " SHAKEDOWN_JAVA_OPTS, or load with fewer connections at a time";

    /**
     * Netty's log lines are for who programs with it; what concerns a user is said in our words. Kept here, since
     * loggers that nobody keeps are forgotten with their levels.
     */
    private static final Logger NETTY = Logger.getLogger("io.netty");

    /** An objective was missed. */
    static final int EXIT_MISSED = 1;
    /** The command line or a file it names is wrong. */
    static final int EXIT_USAGE = 2;
    /** The run could not be done, or is unfit. */
    static final int EXIT_UNFIT = 3;
    /** A gate has nothing to compare with. */
    static final int EXIT_INCOMPARABLE = 4;

    /** The version, what it was built from, and what works on this machine. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var tool = Tool.described();
            var commit = tool.commit() == null ? "" : " (commit " + tool.commit() + " of " + tool.built() + ")";
            return new String[]{NAME + " " + tool.version() + commit,
                "runs on " + tool.java() + ", Netty " + tool.netty(),
                "transports that work here: " + String.join(", ", tool.transports()),
                "crypto providers that work here: " + String.join(", ", tool.providers())};
        }
    }

    /** Answered before all else; here for the help. */
    @Option(names = "--list", paramLabel = "WHAT", //
            description = "Print what there is to choose from: ciphers, groups, signatures or objectives.")
    @SuppressWarnings("unused")
    private @Nullable String list;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        if (System.getProperty("java.util.logging.config.file") == null) {
            NETTY.setLevel(Level.OFF);
        }
        int code;
        // What passes the command line would end the JVM with 1, as if a gate was missed.
        try {
            code = execute(args);
        } catch (OutOfMemoryError _) {
            System.err.println(NO_MEMORY);
            code = EXIT_UNFIT;
        } catch (Error e) {
            code = fault(e, new PrintWriter(System.err, false, System.err.charset()));
        }
        System.exit(code);
    }

    private static int execute(String[] args) {
        var out = new StandardOutput();
        var commandLine = commandLine().setOut(out.printer());
        var code = execute(commandLine, args);
        var failure = out.failure();
        failure.ifPresent(sentence -> complain(commandLine.getErr(), sentence));
        return failure.isPresent() ? EXIT_UNFIT : code;
    }

    /** Answers what is asked, or else does what is told. @return the exit code */
    static int execute(CommandLine commandLine, String... args) {
        return new HelpRequests(commandLine, args).answer().orElseGet(() -> commandLine.execute(args));
    }

    /** The whole command line, with its way of telling what is wrong. */
    static CommandLine commandLine() {
        return configured(new CommandLine(new Main()));
    }

    /** Gives a command our way of telling what is wrong: one line on standard error, and the exit code. */
    static CommandLine configured(CommandLine commandLine) {
        Readers.register(commandLine);
        return commandLine.setOverwrittenOptionsAllowed(false).setPosixClusteredShortOptionsAllowed(false)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler((e, command, _) -> unexpected(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; the first one to try is 'shakedown run'");
    }

    private static int usage(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        complain(command.getErr(),
                UsageErrors.of(e, List.of(args)) + see(command));
        return EXIT_USAGE;
    }

    /** Where more is said. */
    static String see(CommandLine command) {
        return " (see '" + command.getCommandSpec().qualifiedName() + " --help')";
    }

    private static int unexpected(Exception e, CommandLine command) {
        if (e instanceof CannotRunException cannot) {
            complain(command.getErr(), cannot.getMessage());
            return EXIT_UNFIT;
        }
        return fault(e, command.getErr());
    }

    private static int fault(Throwable e, PrintWriter err) {
        complain(err, "a fault of shakedown itself; please report it with what follows");
        e.printStackTrace(err);
        err.flush();
        return EXIT_UNFIT;
    }

    static void complain(PrintWriter err, String sentence) {
        err.println(NAME + ": " + sentence);
        err.flush();
    }
}
