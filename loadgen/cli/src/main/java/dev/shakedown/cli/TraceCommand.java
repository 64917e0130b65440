package dev.shakedown.cli;

import dev.shakedown.load.HttpHead;
import dev.shakedown.net.Target;
import dev.shakedown.results.Advice;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.value.Versions;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.trace.Diagnosis;
import dev.shakedown.trace.Exchange;
import dev.shakedown.trace.Framing;
import dev.shakedown.trace.TraceJson;
import dev.shakedown.trace.TraceText;
import dev.shakedown.trace.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code shakedown trace}. */
@Command(name = "trace", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown trace [OPTIONS] [HOST:PORT]", //
        header = "Show one handshake message by message, and where and why it fails.", //
        description = {
            "Prints every record of both sides as it comes, decrypted and parsed; then what was negotiated and where"
                    + " the time went, or who ended the handshake, the likely cause and what to try.%n"}, //
        footer = {"", "Examples:", "  shakedown trace 127.0.0.1:443",
            "  shakedown trace 127.0.0.1:443 --tls 1.2 --resume    full, then resumed",
            "  shakedown trace 127.0.0.1:443 --pcap t.pcap --keylog t.keys   for Wireshark", "",
            "Exit codes: 0 the handshake completed, 1 it failed, 2 usage, 3 there was no connection."})
final class TraceCommand implements Callable<Integer> {
    /** Longest time to try a piece of advice; a longer one is not worth the wait. */
    private static final long TRIED_NANOS = 2_000_000_000;
    /**
     * Time to wait after the handshake for TLS 1.3 tickets, and for servers that check the client's certificate only
     * then.
     */
    private static final long LINGER_NANOS = 250_000_000;

    @Parameters(arity = "0..1", paramLabel = "HOST:PORT", //
            description = "The server (default: an embedded one).")
    private @Nullable Server target;

    @Option(names = "--resume", //
            description = "Trace a second handshake that resumes the first.")
    private boolean resume;

    @Option(names = "--request", paramLabel = "TEXT|FILE", //
            description = "Send this file, or text with \\r and \\n, after the handshake (default: nothing; with"
                    + " --resume, an HTTP HEAD request if no ticket comes unasked).")
    private @Nullable String request;

    @Option(names = "--early-data", paramLabel = "BYTES|FILE", //
            description = "Send this as early data in the handshake of --resume (TLS 1.3), in place of --request: a"
                    + " file, text with \\r and \\n, or a number of bytes for an HTTP request of that length.")
    private @Nullable String earlyData;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "Print text as it happens, or json, one object at the end (default: ${DEFAULT-VALUE}).")
    private OutputOptions.Format format;

    @Option(names = "--hex", //
            description = "Print the bytes of every record.")
    private boolean hex;

    @Option(names = "--keylog", paramLabel = "FILE", //
            description = "Append the secrets to this file for Wireshark; only its owner may read it.")
    private @Nullable Path keylog;

    @Option(names = "--pcap", paramLabel = "FILE", //
            description = "Write a packet capture for Wireshark to this file.")
    private @Nullable Path pcap;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", //
            description = "Give up on a connection after this long (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(names = "--authorized-target", paramLabel = "HOST[/PREFIX]", //
            description = "Confirm that you may connect to this host, this network, or each one listed in this file;"
                    + " required for any address but loopback.")
    private List<String> authorized = List.of();

    @ArgGroup(exclusive = false, heading = "%nClient:%n")
    private ClientOptions client = new ClientOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("--timeout must be longer than 0s");
            }
            client.usual = Versions.parse(ClientOptions.ALL_VERSIONS);
            if (target == null) {
                try (var embedded = TlsServer.start(TlsServerOptions.defaults())) {
                    var address = Target.loopback(embedded.address());
                    return trace(address, client.settings(address.host(), embedded.authorities()));
                }
            }
            var address = Targets.of(target, authorized);
            return trace(address, client.settings(address.host(), List.of()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int trace(Target server, ClientSettings settings) {
        var out = spec.commandLine().getOut();
        var asked = request(server, settings);
        var early = earlyData(server, settings);
        var memory = new ClientMemory(settings, SessionMemory.AS_THE_VERSION_ASKS);
        var exchanges = new ArrayList<Exchange>();
        var verdicts = new ArrayList<Verdict>();
        Session session = null;
        var sessionless = false;
        var files = new TraceFiles(keylog, pcap);
        try (files) {
            for (var again = true; again;) {
                var now = Instant.now();
                var plan = new Exchange.Plan(server, memory, session, timeout.toNanos(), LINGER_NANOS,
                        session != null && early.length > 0 ? early : asked, request == null,
                        client.prelude(server.host()));
                var exchange = exchange(session != null && early.length > 0 ? plan.withEarlyData() : plan,
                        new TraceText(out, exchanges.size() + 1, hex));
                exchanges.add(exchange);
                if (session != null && early.length > 0 && exchange.earlyData() == EarlyData.NOT_OFFERED) {
                    Main.complain(spec.commandLine().getErr(),
                            "--early-data: the server's session allows no early data, or"
                                    + " less than these %d bytes, so none was sent".formatted(early.length));
                }
                var verdict = Diagnosis.of(exchange, settings, session,
                        (others, offered, lingers, hello) -> probe(server, others, offered, lingers, hello));
                verdict = verdict.advice().flatMap(advice -> tried(server, advice)).map(verdict::with).orElse(verdict);
                verdicts.add(verdict);
                files.add(exchange, now);
                if (format == OutputOptions.Format.TEXT) {
                    out.println();
                    verdict.lines(OptionNames::of).forEach(out::println);
                }
                again = resume && session == null && exchange.completed();
                if (again && exchange.sessions().isEmpty()) {
                    sessionless = true;
                    break;
                }
                session = again ? exchange.sessions().getLast() : session;
                if (again && format == OutputOptions.Format.TEXT) {
                    out.println();
                }
            }
        }
        if (format == OutputOptions.Format.JSON) {
            out.print(TraceJson.of(exchanges, verdicts, hex, OptionNames::of));
        }
        out.flush();
        files.check();
        if (sessionless) {
            Main.complain(spec.commandLine().getErr(), "the server issued no session, so there is nothing to resume");
            return Main.EXIT_MISSED;
        }
        return exitCode(exchanges.getLast());
    }

    /** Runs an exchange. Another thread prints it, so that printing does not delay what it reports. */
    private Exchange exchange(Exchange.Plan plan, TraceText text) {
        Exchange.rehearse(plan);
        if (format == OutputOptions.Format.JSON) {
            return Exchange.run(plan, _ -> {});
        }
        try (var printer = Executors.newSingleThreadExecutor()) {
            return Exchange.run(plan, event -> printer.execute(() -> text.print(event)));
        }
    }

    private Exchange probe(Target server, ClientSettings others, @Nullable Session offered, boolean lingers,
            Framing hello) {
        return Exchange.run(new Exchange.Plan(server, new ClientMemory(others, 1), offered,
                timeout.toNanos(), lingers ? LINGER_NANOS : 0, new byte[0], false, client.prelude(server.host()))
                .with(hello), _ -> {});
    }

    /** Returns this command line changed as advised, if a handshake completes with it. */
    private Optional<String> tried(Target server, Advice advice) {
        return AppliedAdvice.of(spec.commandLine().getParseResult().expandedArgs(), advice)
                .filter(followed -> completes(server, followed))
                .map(followed -> Main.NAME + " trace " + followed);
    }

    private static boolean completes(Target server, AppliedAdvice followed) {
        var other = new TraceCommand();
        try {
            Main.configured(new CommandLine(other)).parseArgs(followed.arguments().toArray(String[]::new));
            other.client.usual = Versions.parse(ClientOptions.ALL_VERSIONS);
            var settings = other.client.settings(server.host(), List.of());
            return Exchange.run(new Exchange.Plan(server, new ClientMemory(settings, 1), null,
                    Math.min(other.timeout.toNanos(), TRIED_NANOS),
                    0, new byte[0], false, other.client.prelude(server.host())), _ -> {}).completed();
        } catch (ParameterException | IllegalArgumentException _) {
            return false; // the advice does not go with the other options
        }
    }

    private byte[] request(Target server, ClientSettings settings) {
        if (request != null) {
            return Payload.parse("--request", request);
        }
        return resume && settings.offers(ProtocolVersion.TLS_1_3) ? HttpHead.of(server.host()) : new byte[0];
    }

    /** Returns the early data; empty if none was asked for. */
    private byte[] earlyData(Target server, ClientSettings settings) {
        if (earlyData == null) {
            return new byte[0];
        }
        if (!resume || !settings.offers(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--early-data is for resumed TLS 1.3 handshakes; add --resume, and let"
                    + " --tls include 1.3");
        }
        return Payload.parseOrOfLength("--early-data", earlyData, HttpHead.of(server.host()));
    }

    private static int exitCode(Exchange last) {
        if (last.completed()) {
            return 0;
        }
        return last.events().isEmpty() ? Main.EXIT_UNFIT : Main.EXIT_MISSED;
    }
}
