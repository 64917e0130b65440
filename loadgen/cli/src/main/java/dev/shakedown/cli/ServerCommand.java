package dev.shakedown.cli;

import dev.shakedown.net.socket.Transport;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.server.Engine;
import dev.shakedown.server.HandshakeCounts;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerCertificate;
import dev.shakedown.server.TlsServerOptions;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the embedded server on its own. */
@Command(name = "server", aliases = "target", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown server [OPTIONS]", //
        header = "Run the embedded TLS server on its own.", //
        description = {
            "It speaks TLS 1.2 and 1.3, counts the full and resumed handshakes that it sees, and answers HTTP requests"
                    + " with a few bytes.%n"}, //
        footer = {"",
            "Examples:",
            "  shakedown server --listen 127.0.0.1:8443",
            "  shakedown server --service-time 2ms --workers 4     handles 2,000 per second"})
final class ServerCommand implements Callable<Integer> {
    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:4433", //
            description = "Listen at this address (default: ${DEFAULT-VALUE}).")
    private InetSocketAddress listen;

    @Option(names = "--engine", paramLabel = "NAME", //
            description = "Use boringssl or jdk for TLS (default: boringssl where its native library loads).")
    private @Nullable Engine engine;

    @Option(names = "--cert", paramLabel = "FILE", //
            description = "PEM file with the certificate chain (default: an RSA-2048 and a P-256 certificate made at"
                    + " start).")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", //
            description = "PEM file with the private key of --cert.")
    private @Nullable Path key;

    @Option(names = "--write-ca", paramLabel = "FILE", //
            description = "Write a client's --ca to this file: the certificates that it must trust.")
    private @Nullable Path writeCa;

    @Option(names = "--session-cache", negatable = true, defaultValue = "true", fallbackValue = "true", //
            description = "Resume by session ID (default: --session-cache).")
    private boolean sessionCache;

    @Option(names = "--tickets", negatable = true, defaultValue = "true", fallbackValue = "true", //
            description = "Resume by session ticket (default: --tickets).")
    private boolean tickets;

    @Option(names = "--threads", paramLabel = "N", //
            description = "Run N event loops (default: half as many as there are processors, at least 1).")
    private @Nullable Integer threads;

    @Option(names = "--transport", paramLabel = "NAME", //
            description = "Drive sockets with io_uring, epoll, kqueue or nio (default: the first that works here).")
    private @Nullable Transport transport;

    @Option(names = "--service-time", paramLabel = "TIME", //
            description = "Make each handshake wait for one of --workers and occupy it for this long, so that the"
                    + " capacity is known: workers divided by this time (default: no waiting).")
    private @Nullable Duration serviceTime;

    @Option(names = "--workers", paramLabel = "N", //
            description = "Number of workers that --service-time occupies (default: 1).")
    private @Nullable Integer workers;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var stop = new CountDownLatch(1);
        try (var target = start()) {
            Interrupt.onFirst(stop::countDown);
            var out = spec.commandLine().getOut();
            introduce(target, out);
            answerRequests(target, out);
            stop.await();
            print(target.counts(), out);
            return 0;
        }
    }

    private TlsServer start() {
        try {
            var options = options();
            if (writeCa != null) {
                Files.writeString(writeCa, options.certificates().stream().map(TlsServerCertificate::caPem)
                        .collect(Collectors.joining()));
            }
            try {
                return TlsServer.start(options);
            } catch (IOException e) {
                throw new CannotRunException(Targets.cannotListen("--listen", listen, e), e);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--write-ca " + writeCa + " cannot be written", e);
        }
    }

    private TlsServerOptions options() {
        if (certificate == null != (key == null)) {
            throw new IllegalArgumentException("--cert and --key must be given together");
        }
        if (threads != null && threads < 1) {
            throw new IllegalArgumentException("--threads must be at least 1, but is " + threads);
        }
        if (workers != null && serviceTime == null) {
            throw new IllegalArgumentException("--workers needs --service-time, which occupies them");
        }
        if (workers != null && workers < 1) {
            throw new IllegalArgumentException("--workers must be at least 1, but is " + workers);
        }
        if (serviceTime != null && serviceTime.isZero()) {
            throw new IllegalArgumentException("--service-time must be longer than 0s");
        }
        var chosenEngine = engine == null ? Engine.best() : usable(engine);
        var defaults = TlsServerOptions.defaults();
        return new TlsServerOptions(listen, chosenEngine,
                certificate == null ? defaults.certificates() : List.of(TlsServerCertificate.read(certificate, key)),
                sessionCache, tickets, threads == null ? defaults.threads() : threads,
                transport == null ? defaults.transport() : transport.usable(),
                serviceTime == null ? 0 : serviceTime.toNanos(), workers == null ? 1 : workers);
    }

    /** @throws IllegalArgumentException with a sentence for the user, if it cannot be used here */
    private static Engine usable(Engine engine) {
        if (engine.unavailability() != null) {
            throw new IllegalArgumentException("engine " + engine.label() + " cannot be used here: its native library"
                    + " does not load (" + engine.unavailability().getMessage() + "); --engine jdk works everywhere");
        }
        return engine;
    }

    private void introduce(TlsServer target, PrintWriter out) {
        var options = target.options();
        out.println("listening on " + HostPort.of(target.address()) + ", "
                + options.engine().versions().stream().map(ProtocolVersion::label).collect(Collectors.joining(" "))
                + ", engine " + options.engine().label() + ", " + options.transport().label() + ", threads "
                + options.threads());
        options.certificates().forEach(each -> out.println("certificate: " + each.describe()));
        out.println("session cache " + onOff(sessionCache)
                + (sessionCache && !options.engine().cachesTls13() ? " (not for TLSv1.3)" : "") + ", tickets "
                + onOff(tickets));
        if (serviceTime != null) {
            out.printf(Locale.ROOT, "each handshake occupies one of %d workers for %.3f ms: %.1f per second%n",
                    options.workers(), options.serviceNanos() / 1e6,
                    options.workers() / (options.serviceNanos() / 1e9));
        }
        out.println("stop with Ctrl-C; type 'stats' for the counts so far");
        out.flush();
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    /** Reads standard input on a thread of its own, which ends with it or with the process. */
    private static void answerRequests(TlsServer target, PrintWriter out) {
        Thread.ofPlatform().daemon().name("stats").start(() -> {
            try {
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                for (String line; (line = in.readLine()) != null;) {
                    if (line.strip().equals("stats")) {
                        print(target.counts(), out);
                    } else {
                        out.println("only 'stats' is understood here");
                        out.flush();
                    }
                }
            } catch (IOException _) {
                // nobody to answer any more
            }
        });
    }

    private static void print(HandshakeCounts counts, PrintWriter out) {
        out.printf("accepted %d, full %d, resumed %d, failed %d; of them in TLSv1.3: full %d, resumed %d%n",
                counts.accepted(), counts.full(), counts.resumed(), counts.failed(), counts.tls13().full(),
                counts.tls13().resumed());
        out.flush();
    }
}
