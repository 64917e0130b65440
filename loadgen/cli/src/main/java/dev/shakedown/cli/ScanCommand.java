package dev.shakedown.cli;

import dev.shakedown.load.HttpHead;
import dev.shakedown.net.prelude.ProxyHeader;
import dev.shakedown.net.prelude.Starttls;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.run.value.Durations;
import dev.shakedown.run.value.Versions;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.trace.ScanResult;
import dev.shakedown.trace.Fleet;
import dev.shakedown.trace.Scan;
import dev.shakedown.trace.ScanReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code shakedown scan}. */
@Command(name = "scan", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "shakedown scan [OPTIONS] HOST:PORT [HOST:PORT...]", //
        header = "Find what a server supports: versions, suites, groups, resumption, and how a fleet shares"
                + " sessions.", //
        description = {
            "Makes several dozen handshakes, one after another, each with a different offer. With several servers it"
                    + " also finds which of them resume sessions of which others.%n"}, //
        footer = {"", "Examples:", "  shakedown scan 127.0.0.1:443",
            "  shakedown scan 127.0.0.1:8443 127.0.0.1:9443 --ticket-age 1s,10s,1m", "",
            "An offer without an answer is repeated after growing pauses; if none comes it is reported as unknown,"
                    + " never as \"no\".",
            "",
            "Exit codes: 0 success, 2 usage, 3 a server could not be reached or stopped answering."})
final class ScanCommand implements Callable<Integer> {
    /** Keeps the matrix of a fleet within a few hundred handshakes. */
    private static final int MOST_SERVERS = 8;

    @Parameters(arity = "1..*", paramLabel = "HOST:PORT", //
            description = "The server, or all servers of a fleet.")
    private List<Server> targets;

    @Option(names = "--ticket-age", paramLabel = "AGE", split = ",", //
            description = "Find whether sessions of these ages are resumed, such as 1s,10s,1m; this takes as long as"
                    + " the greatest.")
    private List<Duration> ages = List.of();

    @Option(names = "--sni", paramLabel = "NAME", //
            description = "Ask for this server name; '' sends none (default: HOST, unless it is an address).")
    private @Nullable String sni;

    @Option(names = "--starttls", paramLabel = "PROTOCOL", //
            description = "Begin in this plain-text protocol and upgrade it to TLS: smtp, imap, pop3, ftp, ldap,"
                    + " xmpp, postgres or mysql.")
    private @Nullable Starttls starttls;

    @Option(names = "--proxy-protocol", paramLabel = "VERSION", //
            description = "Send a PROXY protocol header first, v1 or v2, with the connection's own addresses.")
    private @Nullable ProxyHeader proxyProtocol;

    @Option(names = "--client-cert", paramLabel = "FILE", //
            description = "Present this PEM certificate chain to a server that asks for one; without it, such a"
                    + " server gives no session to resume.")
    private @Nullable Path clientCertificate;

    @Option(names = "--client-key", paramLabel = "FILE", //
            description = "PEM file with the private key of --client-cert (default: the same file).")
    private @Nullable Path clientKey;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", //
            description = "Print text or json to standard output (default: ${DEFAULT-VALUE}).")
    private OutputOptions.Format format;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "5s", //
            description = "Give up on a handshake after this long (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(names = "--authorized-target", paramLabel = "HOST[/PREFIX]", //
            description = "Confirm that you may connect to this host, this network, or each one listed in this file;"
                    + " required for any address but loopback.")
    private List<String> authorized = List.of();

    @Option(names = "--quiet", //
            description = "Print no progress to standard error.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            return scan();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int scan() {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("--timeout must be longer than 0s");
        }
        if (targets.size() > MOST_SERVERS) {
            throw new IllegalArgumentException(targets.size() + " servers are too many; name at most " + MOST_SERVERS);
        }
        var ascending = ages.stream().distinct().sorted().toList();
        var addresses = targets.stream().map(target -> Targets.of(target, authorized)).toList();
        var progress = new Progress(spec.commandLine().getErr(), quiet);
        var servers = new ArrayList<Scan>();
        for (var address : addresses) {
            var name = HostPort.of(address.socket());
            var scan = new Scan(address, settings(address.host()), timeout.toNanos(),
                    client().prelude(address.host()), HttpHead.of(address.host()),
                    step -> progress.step("scanning " + name + ": " + step));
            scan.obstacle().ifPresent(why -> {
                throw new CannotRunException(name + " cannot be scanned: " + why.in(OptionNames::of));
            });
            servers.add(scan);
        }
        var results = new ArrayList<ScanResult>();
        for (var i = 0; i < servers.size(); i++) {
            results.add(servers.get(i).findings(targets.get(i).toString()));
        }
        var fleet = Fleet.of(servers, targets.stream().map(Server::toString).toList(), ascending,
                ascending.stream().map(Durations::text).toList(),
                left -> sleep(left, progress));
        progress.clear();
        var report = new ScanReport(results, fleet);
        var out = spec.commandLine().getOut();
        out.print(format == OutputOptions.Format.JSON ? report.json() : report.text());
        out.flush();
        results.stream().filter(found -> found.ended() != null).forEach(found -> Main.complain(
                spec.commandLine().getErr(), found.target() + " could not be scanned to the end: " + found.ended()));
        return results.stream().allMatch(found -> found.ended() == null) ? 0 : Main.EXIT_UNFIT;
    }

    private ClientSettings settings(String host) {
        return client().settings(host, List.of());
    }

    private ClientOptions client() {
        var client = new ClientOptions();
        client.tls = Versions.parse(ClientOptions.ALL_VERSIONS);
        client.tickets = true;
        client.sni = sni;
        client.clientCertificate = clientCertificate;
        client.clientKey = clientKey;
        client.starttls = starttls;
        client.proxyProtocol = proxyProtocol;
        return client;
    }

    private static void sleep(Duration left, Progress progress) {
        progress.step("waiting " + Math.max(0, left.toSeconds()) + " s for sessions to age");
        try {
            Thread.sleep(left.isNegative() ? Duration.ZERO : left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
