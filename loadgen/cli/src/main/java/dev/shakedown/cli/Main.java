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
            "Exit codes: 0 success, 1 objective or gate missed, 2 usage, 3 the run was not possible or is unfit,"
                    + " 4 a gate has nothing to compare with."})
public final class Main implements Runnable {
    static final String NAME = Tool.NAME;

    /** The commands in the order of the help, each under its first name. */
    private static final List<Map.Entry<String, Class<?>>> COMMANDS = List.of(entry("run", RunCommand.class),
            entry("capacity", CapacityCommand.class), entry("cost", CostCommand.class),
            entry("trace", TraceCommand.class), entry("scan", ScanCommand.class),
            entry("server", ServerCommand.class), entry("report", ReportCommand.class),
            entry("compare", CompareCommand.class), entry("runs", RunsCommand.class),
            entry("gate", GateCommand.class), entry("bench", Bench.class),
            entry("completion", CompletionCommand.class));

    /** A constant, since there may be no memory to build a message. */
    private static final String NO_MEMORY = NAME + ": the JVM ran out of memory; give it a larger heap with -Xmx"
            + " in SHAKEDOWN_JAVA_OPTS, or use fewer connections at a time";

    /**
     * Silenced, since Netty's log is for programmers, and the tool itself says what concerns users. The reference
     * keeps the logger, and with it its level, from being garbage-collected.
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

    /** Handled by {@link HelpRequests}; declared here for the help. */
    @Option(names = "--list", paramLabel = "WHAT", //
            description = "Print the values to choose from: ciphers, groups, signatures or objectives.")
    @SuppressWarnings("unused")
    private @Nullable String list;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        if (System.getProperty("java.util.logging.config.file") == null) {
            NETTY.setLevel(Level.OFF);
        }
        int code;
        // An error that leaves the command line would end the JVM with 1, as if a gate had failed.
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

    /** Answers a request for help, or else runs the command from its arguments alone, and returns the exit code. */
    static int execute(CommandLine commandLine, String... args) {
        return execute(commandLine, Preferences.Source.NONE, args);
    }

    /** Answers a request for help, or else runs the command with its preferences, and returns the exit code. */
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
     * Returns the command line, with our error messages. If the first argument is a command, the command line has no
     * other command: reading the options of all commands takes as long as many a command itself.
     */
    static CommandLine commandLine(String... args) {
        var named = COMMANDS.stream().filter(command -> args.length > 0 && command.getKey().equals(args[0])).toList();
        var commandLine = new CommandLine(new Main());
        (named.isEmpty() ? COMMANDS : named).forEach(command -> commandLine.addSubcommand(command.getValue()));
        commandLine.getSubcommands().values().stream().distinct().forEach(Preferences::addOptions);
        return configured(commandLine);
    }

    /** Gives a command our error messages: one line on standard error, and an exit code. */
    static CommandLine configured(CommandLine commandLine) {
        Readers.register(commandLine);
        return commandLine.setOverwrittenOptionsAllowed(false).setPosixClusteredShortOptionsAllowed(false)
                .setParameterExceptionHandler((e, typed) -> usage(e, List.of(typed), UnaryOperator.identity()))
                .setExecutionExceptionHandler((e, command, _) -> unexpected(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; try 'shakedown run' first");
    }

    private static int usage(ParameterException e, List<String> typed, UnaryOperator<String> explained) {
        var command = e.getCommandLine();
        complain(command.getErr(), explained.apply(UsageErrors.of(e, typed)) + see(command));
        return EXIT_USAGE;
    }

    /** Returns a hint at the command's help. */
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
        complain(err, "this is a bug in shakedown; please report it with what follows");
        e.printStackTrace(err);
        err.flush();
        return EXIT_UNFIT;
    }

    static void complain(PrintWriter err, String sentence) {
        err.println(NAME + ": " + sentence);
        err.flush();
    }
}
