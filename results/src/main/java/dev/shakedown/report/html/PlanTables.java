package dev.shakedown.report.html;

import dev.shakedown.report.Units;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Section;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSetup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a plan and of the environment in which it ran. */
final class PlanTables {
    private PlanTables() {}

    /** @param asked rows that only this kind of experiment has */
    static Section section(List<List<String>> asked, String client, RunSetup.Plan plan, List<Part> environment) {
        var rows = new ArrayList<>(asked);
        rows.add(List.of("client", client));
        rows.add(List.of("offered",
                "TLS " + plan.offer().tls() + "; " + String.join(", ", plan.offer().cipherSuites()) + "; "
                        + String.join(", ", plan.offer().groups())));
        rows.add(List.of("server name", plan.offer().sni() == null ? "none" : plan.offer().sni()));
        if (plan.prelude() != null) {
            rows.add(List.of("before the handshake", plan.prelude()));
        }
        if (!plan.offer().alpn().isEmpty()) {
            rows.add(List.of("ALPN", String.join(", ", plan.offer().alpn())));
        }
        if (plan.clientCertificate() != null) {
            rows.add(List.of("client certificate", plan.clientCertificate()));
        }
        rows.add(List.of("a handshake ends with",
                plan.ending().completeOn() == null ? "finished" : plan.ending().completeOn()));
        rows.add(List.of("warm-up", Units.plain(plan.shape().warmupSeconds()) + " s"));
        rows.add(List.of("deadlines", Units.plain(plan.connection().timeoutSeconds()) + " s, of the connection "
                + Units.plain(plan.connection().connectTimeoutSeconds()) + " s"));
        var parts = new ArrayList<Part>(List.of(new Table("Plan", List.of(), rows)));
        parts.addAll(environment);
        return new Section("Plan and environment", parts);
    }

    static Table environment(RunResult.@Nullable Tool tool, String startedAt, RunSetup.Target target,
            RunSetup.@Nullable Host host) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("target", target.hostAndPort() + (target.authorizedBy() == null
                ? ""
                : ", authorized by " + target.authorizedBy())));
        rows.add(List.of("started", startedAt));
        if (tool != null) {
            rows.add(List.of("made by", tool.name() + " " + tool.version()));
        }
        if (host != null) {
            rows.add(List.of("system", host.os() + ", " + host.arch()));
            rows.add(List.of("processors", Units.count(host.cpus()) + (host.cpuModel() == null
                    ? ""
                    : ", " + host.cpuModel())));
            rows.add(List.of("memory", Units.count(host.memoryBytes() >> 20) + " MiB"));
            rows.add(List.of("Java", host.java()));
        }
        return new Table("Environment", List.of(), rows);
    }
}
