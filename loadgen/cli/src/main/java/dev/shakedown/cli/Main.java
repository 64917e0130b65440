package dev.shakedown.cli;

import static java.util.Map.entry;

import dev.shakedown.bench.Bench;
import dev.shakedown.cli.value.Readers;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.Tool;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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

    /** The commands in the order of the help, each under its first name. */
    private static final List<Map.Entry<String, Class<?>>> COMMANDS = List.of(entry("run", RunCommand.class),
            entry("capacity", CapacityCommand.class), entry("cost", CostCommand.class),
            entry("trace", TraceCommand.class), entry("scan", ScanCommand.class),
            entry("server", ServerCommand.class), entry("report", ReportCommand.class),
            entry("compare", CompareCommand.class), entry("runs", RunsCommand.class),
            entry("gate", GateCommand.class), entry("bench", Bench.class));

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
        var commandLine = commandLine(args).setOut(out.printer());
        var code = execute(commandLine, Preferences.Source.ofThisProcess(), args);
        var failure = out.failure();
        failure.ifPresent(sentence -> complain(commandLine.getErr(), sentence));
        return failure.isPresent() ? EXIT_UNFIT : code;
    }

    /** Answers what is asked, or else does what is told, by the command line alone. @return the exit code */
    static int execute(CommandLine commandLine, String... args) {
        return execute(commandLine, Preferences.Source.NONE, args);
    }

    /** Answers what is asked, or else does what is told. @return the exit code */
    static int execute(CommandLine commandLine, Preferences.Source source, String... args) {
        return new HelpRequests(commandLine, args).answer().orElseGet(() -> {
            Preferences preferences;
            try {
                preferences = new Preferences(commandLine, List.of(args), source);
            } catch (IllegalArgumentException e) {
                complain(commandLine.getErr(), String.valueOf(e.getMessage()));
                return EXIT_USAGE;
            }
            commandLine.setParameterExceptionHandler((e, _) -> usage(e, List.of(args), preferences::explained));
            if (preferences.isAsked()) {
                return print(preferences, commandLine);
            }
            return commandLine.execute(preferences.arguments().toArray(String[]::new));
        });
    }

    private static int print(Preferences preferences, CommandLine commandLine) {
        try {
            commandLine.parseArgs(preferences.arguments().toArray(String[]::new));
        } catch (ParameterException e) {
            return usage(e, preferences.arguments(), preferences::explained);
        }
        commandLine.getOut().print(preferences.print());
        commandLine.getOut().flush();
        return 0;
    }

    /**
     * The command line with our way of telling what is wrong. Where the first argument is a command, there is no other
     * in it: to read the options of all takes as long as many a command itself.
     */
    static CommandLine commandLine(String... args) {
        var named = COMMANDS.stream().filter(command -> args.length > 0 && command.getKey().equals(args[0])).toList();
        var commandLine = new CommandLine(new Main());
        (named.isEmpty() ? COMMANDS : named).forEach(command -> commandLine.addSubcommand(command.getValue()));
        commandLine.getSubcommands().values().stream().distinct().forEach(Preferences::addOptions);
        return configured(commandLine);
    }

    /** Gives a command our way of telling what is wrong: one line on standard error, and the exit code. */
    static CommandLine configured(CommandLine commandLine) {
        Readers.register(commandLine);
        return commandLine.setOverwrittenOptionsAllowed(false).setPosixClusteredShortOptionsAllowed(false)
                .setParameterExceptionHandler((e, typed) -> usage(e, List.of(typed), UnaryOperator.identity()))
                .setExecutionExceptionHandler((e, command, _) -> unexpected(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; the first one to try is 'shakedown run'");
    }

    private static int usage(ParameterException e, List<String> typed, UnaryOperator<String> explained) {
        var command = e.getCommandLine();
        complain(command.getErr(), explained.apply(UsageErrors.of(e, typed)) + see(command));
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
