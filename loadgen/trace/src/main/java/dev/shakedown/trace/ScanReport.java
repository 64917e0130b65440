package dev.shakedown.trace;

import dev.shakedown.results.Json;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The report of a scan: as text, or as JSON with {@code servers[]} and {@code fleet}. */
public record ScanReport(List<ScanResult> servers, Fleet fleet) {
    private static final int NAME = 24;
    private static final String UNKNOWN = "unknown";

    public String json() {
        return Json.result(Json.INDENTED, this);
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

    private static void server(StringBuilder text, ScanResult found) {
        row(text, "versions", found.versions().isEmpty()
                ? found.isUnknown("versions") || !found.missing("versions").isEmpty()
                        ? "none found"
                        : "none of TLSv1.3 to SSLv3"
                : joined(found.versions().stream().map(ScanResult.Version::version).toList()));
        missing(text, found, "versions", "");
        for (var version : found.versions()) {
            text.append("  ").append(version.version()).append('\n');
            list(text, "  suites", version.suites(), found, version.version() + ".suites");
            row(text, "  order", switch (version.order()) {
                case null -> found.isUnknown(version.version() + ".order") ? UNKNOWN : null;
                case "server" -> "the server's own, as above";
                case "client" -> "the client's; the server chooses the first that it supports";
                default -> "neither side's alone: it changes with what the client puts first, and not always to that";
            });
            list(text, "  groups", version.groups(), found, version.version() + ".groups");
            // In older versions the client does not name any.
            if (version.version().equals("TLSv1.3") || version.version().equals("TLSv1.2")) {
                list(text, "  signatures", version.signatureAlgorithms(), found,
                        version.version() + ".signatureAlgorithms");
            }
        }
        var resumption = found.resumption();
        var kinds = new StringJoiner(", ");
        kind(kinds, "session ID", resumption.sessionId(), found, "resumption.sessionId");
        if (Boolean.FALSE.equals(resumption.sessionIdAfterReset())) {
            kinds.add("but not once the connection was reset");
        }
        kind(kinds, "ticket", resumption.ticket(), found, "resumption.ticket");
        kind(kinds, "PSK", resumption.psk(), found, "resumption.psk");
        kind(kinds, "early data", resumption.earlyData(), found, "resumption.earlyData");
        found.missing("resumption").stream().filter(name -> name.startsWith("TLSv") || name.startsWith("SSL"))
                .forEach(version -> kinds.add("of " + version + " " + UNKNOWN));
        row(text, "resumption", kinds.length() == 0 && found.isUnknown("resumption") ? UNKNOWN : kinds.toString());
        row(text, "secure renegotiation", yesOrNo(found, "secureRenegotiation", found.secureRenegotiation()));
        row(text, "extended master secret", yesOrNo(found, "extendedMasterSecret", found.extendedMasterSecret()));
        row(text, "encrypt-then-MAC", yesOrNo(found, "encryptThenMac", found.encryptThenMac()));
        var split = new StringJoiner(", ");
        kind(split, "in two segments", found.splitHello().segments(), found, "splitHello.segments");
        kind(split, "in two records", found.splitHello().records(), found, "splitHello.records");
        row(text, "split ClientHello", split.length() == 0
                ? found.isUnknown("splitHello") ? UNKNOWN : null
                : split.toString());
        row(text, "client certificate", switch (found.clientCertificate()) {
            case null -> found.isUnknown("clientCertificate") ? UNKNOWN : null;
            case "none" -> "not asked for";
            case "optional" -> "asked for, not required";
            default -> "required";
        });
        row(text, "compression", joined(found, "compression", found.compression()));
        row(text, "ALPN", joined(found, "alpn", found.alpn()));
        missing(text, found, "alpn", "");
        row(text, "handshakes", Integer.toString(found.handshakes()));
        row(text, "  repeated", found.repeated() == 0
                ? null
                : found.repeated() + ", which had ended without an answer" + (found.unanswered() == 0
                        ? ""
                        : "; " + found.unanswered() + " never had one, and what they tested is unknown"));
        found.contradictions().forEach(sentence -> row(text, "contradiction", sentence));
        row(text, "ended early",
                found.ended() == null ? null : found.ended() + "; what is unknown was no longer tested");
    }

    private static void row(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append("  ").append(name).append(" ".repeat(NAME - name.length())).append(value).append('\n');
        }
    }

    /** Prints a list, one value per line. */
    private static void list(StringBuilder text, String name, List<String> values, ScanResult found, String path) {
        var title = name;
        var unknown = found.isUnknown(path);
        var open = unknown || !found.missing(path).isEmpty();
        for (var value : values.isEmpty() ? List.of(open ? "none found" : "none") : values) {
            row(text, title, value);
            title = "";
        }
        if (unknown) {
            row(text, "", "and more may be: unknown");
        }
        missing(text, found, path, "");
    }

    /** Prints what may be missing from a list. */
    private static void missing(StringBuilder text, ScanResult found, String path, String title) {
        var missing = found.missing(path);
        row(text, title, missing.isEmpty() ? null : UNKNOWN + ": " + String.join(", ", missing));
    }

    private static void kind(StringJoiner kinds, String name, @Nullable Boolean taken, ScanResult found, String path) {
        var value = yesOrNo(found, path, taken);
        if (value != null) {
            kinds.add(name + " " + value);
        }
    }

    private static @Nullable String yesOrNo(ScanResult found, String path, @Nullable Boolean value) {
        return value == null && found.unknown().contains(path) ? UNKNOWN : yesOrNo(value);
    }

    private static String joined(ScanResult found, String path, List<String> values) {
        return values.isEmpty() && (found.isUnknown(path) || !found.missing(path).isEmpty())
                ? found.isUnknown(path) ? UNKNOWN : "none found"
                : joined(values) + (found.isUnknown(path) ? ", and more may be: " + UNKNOWN : "");
    }

    private static @Nullable String yesOrNo(@Nullable Boolean value) {
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
                for (var j = 0; j < servers.size(); j++) {
                    var taken = matrix.accepted().get(i).get(j);
                    text.append(" %-4s".formatted(matrix.unknown().contains(List.of(i, j))
                            ? "?"
                            : taken == null ? "-" : yesOrNo(taken)));
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
                        age.unknown()
                                ? UNKNOWN
                                : age.accepted() == null ? "none issued" : age.accepted() ? "taken" : "declined"));
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
