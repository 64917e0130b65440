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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code shakedown trace}. */
@Command(name = "trace", mixinStandardHelpOptions = true, sortOptions = false, //
        header = "Show one handshake message by message, and where and why it fails.", //
        description = {"", "Every record of both sides is printed as it comes, decrypted and taken apart; then what was"
                + " negotiated and where the time went, or who ended the handshake, the likely cause and what to"
                + " try."}, //
        footer = {"", "Examples:", "  shakedown trace 127.0.0.1:443",
            "  shakedown trace 127.0.0.1:443 --tls 1.2 --resume    full, then resumed",
            "  shakedown trace 127.0.0.1:443 --pcap t.pcap --keylog t.keys   for Wireshark", "",
            "Exit codes: 0 the handshake completed, 1 it failed, 2 usage, 3 there was no connection."})
final class TraceCommand implements Callable<Integer> {
    /** An advice that takes longer to try is not worth waiting for. */
    private static final long TRIED_NANOS = 2_000_000_000;
    /** For tickets of TLS 1.3, and for servers that only then look at the client's certificate. */
    private static final long LINGER_NANOS = 250_000_000;

    @Parameters(arity = "0..1", paramLabel = "HOST:PORT", //
            description = "The server; without it an embedded one is started.")
    private @Nullable Server target;

    @Option(names = "--resume", description = "Show the full handshake, and then the one that resumes its session.")
    private boolean resume;

    @Option(names = "--request", paramLabel = "TEXT|FILE", //
            description = "Send this once the handshake is done: a file, or text with \\r and \\n (default: nothing;"
                    + " with"
                    + " --resume an HTTP/1.1 HEAD if no ticket comes unasked).")
    private @Nullable String request;

    @Option(names = "--early-data", paramLabel = "BYTES|FILE", //
            description = "With --resume: send this as early data of the resumed TLS 1.3 handshake, in place of"
                    + " --request: a"
                    + " file, text with \\r and \\n, or a number for an HTTP request of that length.")
    private @Nullable String earlyData;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "text, as it happens, or json, all in one object at the end (default: text).")
    private OutputOptions.Format format;

    @Option(names = "--hex", description = "Add every record's bytes.")
    private boolean hex;

    @Option(names = "--keylog", paramLabel = "FILE", //
            description = "Add the secrets to this file, in the format that Wireshark reads; only its owner may read"
                    + " it.")
    private @Nullable Path keylog;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Write a packet capture that Wireshark opens.")
    private @Nullable Path pcap;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", //
            description = "Give up on a connection after that long (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(names = "--authorized-target", paramLabel = "HOST[/PREFIX]", //
            description = "Confirm that you may connect to this server, network, or each in the file of this name;"
                    + " needed for any address but loopback.")
    private List<String> authorized = List.of();

    @Mixin
    private ClientOptions client;

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
            Main.complain(spec.commandLine().getErr(), "the server gave no session, so there is nothing to resume");
            return Main.EXIT_MISSED;
        }
        return exitCode(exchanges.getLast());
    }

    /** Printing is another thread's, so that it does not delay what is printed. */
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

    /** This command line changed as an advice says, if a handshake completes with it. */
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

    /** None where it was not asked for. */
    private byte[] earlyData(Target server, ClientSettings settings) {
        if (earlyData == null) {
            return new byte[0];
        }
        if (!resume || !settings.offers(ProtocolVersion.TLS_1_3)) {
            throw new IllegalArgumentException("--early-data is for resumed handshakes of TLS 1.3; add --resume, and"
                    + " --tls 1.3 among the versions");
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
