package dev.shakedown.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.StringJoiner;

/** What a scan prints: text, or {@code servers[]} and {@code fleet} as JSON. */
public record ScanReport(List<Findings> servers, Fleet fleet) {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int NAME = 24;

    public String json() {
        try {
            return MAPPER.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public String text() {
        var text = new StringBuilder();
        for (var server : servers) {
            text.append(text.isEmpty() ? "" : "\n").append(server.target()).append('\n');
            server(text, server);
        }
        matrices(text);
        ages(text);
        return text.toString();
    }

    private static void server(StringBuilder text, Findings found) {
        row(text, "versions", found.versions().isEmpty()
                ? "none of TLSv1.3 to SSLv3"
                : joined(found.versions().stream().map(Findings.Version::version).toList()));
        for (var version : found.versions()) {
            text.append("  ").append(version.version()).append('\n');
            list(text, "  suites", version.suites());
            if (version.order() != null) {
                row(text, "  order", version.order().equals("server")
                        ? "the server's own, as above"
                        : "the client's; the server takes what comes first");
            }
            list(text, "  groups", version.groups());
            // Before them no client names any.
            if (version.version().equals("TLSv1.3") || version.version().equals("TLSv1.2")) {
                list(text, "  signatures", version.signatureAlgorithms());
            }
        }
        var resumption = found.resumption();
        var kinds = new StringJoiner(", ");
        kind(kinds, "session ID", resumption.sessionId());
        if (Boolean.FALSE.equals(resumption.sessionIdAfterReset())) {
            kinds.add("but not once the connection was reset");
        }
        kind(kinds, "ticket", resumption.ticket());
        kind(kinds, "PSK", resumption.psk());
        kind(kinds, "early data", resumption.earlyData());
        row(text, "resumption", kinds.toString());
        row(text, "secure renegotiation", yesOrNo(found.secureRenegotiation()));
        row(text, "extended master secret", yesOrNo(found.extendedMasterSecret()));
        row(text, "encrypt-then-MAC", yesOrNo(found.encryptThenMac()));
        row(text, "client certificate", switch (found.clientCertificate()) {
            case null -> null;
            case "none" -> "not asked for";
            case "optional" -> "asked for, not required";
            default -> "required";
        });
        row(text, "compression", joined(found.compression()));
        row(text, "ALPN", joined(found.alpn()));
        row(text, "handshakes", Integer.toString(found.handshakes()));
        row(text, "  repeated", found.repeated() == 0
                ? null
                : found.repeated() + ", which had ended in a timeout or a reset" + (found.unanswered() == 0
                        ? ""
                        : "; " + found.unanswered() + " ended so again, and count as refused"));
    }

    private static void row(StringBuilder text, String name, String value) {
        if (value != null) {
            text.append("  ").append(name).append(" ".repeat(NAME - name.length())).append(value).append('\n');
        }
    }

    /** One to a line. */
    private static void list(StringBuilder text, String name, List<String> values) {
        var title = name;
        for (var value : values.isEmpty() ? List.of("none") : values) {
            row(text, title, value);
            title = "";
        }
    }

    private static void kind(StringJoiner kinds, String name, Boolean taken) {
        if (taken != null) {
            kinds.add(name + " " + yesOrNo(taken));
        }
    }

    private static String yesOrNo(Boolean value) {
        return value == null ? null : value ? "yes" : "no";
    }

    private static String joined(List<String> values) {
        return values.isEmpty() ? "none" : String.join(", ", values);
    }

    private void matrices(StringBuilder text) {
        for (var matrix : fleet.matrices()) {
            text.append("\nsessions by ").append(matrix.kind()).append(": issued by (down), taken by (across)\n")
                    .append(" ".repeat(2 + NAME + 4));
            for (var i = 1; i <= servers.size(); i++) {
                text.append(" %-4s".formatted("[" + i + "]"));
            }
            text.append('\n');
            for (var i = 0; i < servers.size(); i++) {
                text.append("  %-3s %-24s".formatted("[" + (i + 1) + "]", servers.get(i).target()));
                for (var taken : matrix.accepted().get(i)) {
                    text.append(" %-4s".formatted(taken == null ? "-" : yesOrNo(taken)));
                }
                text.append('\n');
            }
        }
    }

    private void ages(StringBuilder text) {
        if (!fleet.ages().isEmpty()) {
            text.append("\nsessions by age\n");
            for (var age : fleet.ages()) {
                text.append("  %-24s %-10s %-6s %s%n".formatted(age.target(), age.kind(), age.age(),
                        age.accepted() == null ? "none issued" : age.accepted() ? "taken" : "declined"));
            }
            for (var end : fleet.ends()) {
                text.append("  %s: sessions by %s are taken %s%n".formatted(end.target(), end.kind(),
                        end.taken() == null
                                ? "at none of these ages: at " + end.declined() + " no longer"
                                : end.declined() == null
                                        ? "at all of these ages, up to " + end.taken()
                                        : "up to an age between " + end.taken() + " and " + end.declined()));
            }
        }
    }
}
