package dev.shakedown.run.value;

import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Protocol versions as people write them: {@code 1.3}, {@code TLSv1.3}, {@code tls1.3}, {@code TLS 1.2}; a range such
 * as {@code 1.2-1.3}; or a list with commas.
 *
 * @param all at least one, the highest first, without duplicates
 */
public record Versions(List<ProtocolVersion> all) {
    private static final Pattern TLS = Pattern.compile("(tls)?[-_ ]?v?([0-9])(?:[._]?([0-9]))?");
    private static final Pattern SSL = Pattern.compile("ssl[-_ ]?v?3(?:[._]0)?");
    private static final Pattern RANGE = Pattern.compile("(.+?)\\s*(?:-|–|\\.\\.\\.?|\\sto\\s)\\s*(.+)");
    private static final String KNOWN = "ssl3, 1.0, 1.1, 1.2 or 1.3";

    public Versions {
        all = all.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    }

    public static Versions of(ProtocolVersion... versions) {
        return new Versions(List.of(versions));
    }

    /**
     * Reads one or more versions.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Versions parse(String text) {
        var all = EnumSet.noneOf(ProtocolVersion.class);
        for (var part : text.split("[,+]", -1)) {
            var one = known(part);
            var range = RANGE.matcher(part.strip());
            if (one.isPresent()) {
                all.add(one.get());
                continue;
            }
            var from = range.matches() ? known(range.group(1)) : one;
            var to = range.matches() ? known(range.group(2)) : one;
            if (from.isEmpty() || to.isEmpty()) {
                throw unknown(text, meant(part));
            }
            if (from.get().compareTo(to.get()) > 0) {
                throw unknown(text, Suggestion.ask(to.get().option() + "-" + from.get().option()));
            }
            all.addAll(EnumSet.range(from.get(), to.get()));
        }
        return new Versions(List.copyOf(all));
    }

    /**
     * Reads a single version.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static ProtocolVersion one(String text) {
        return known(text).orElseThrow(() -> new IllegalArgumentException(
                "'" + text + "' is not a known version; write " + KNOWN + meant(text)));
    }

    private static Optional<ProtocolVersion> known(String text) {
        var plain = text.strip().toLowerCase(Locale.ROOT);
        if (SSL.matcher(plain).matches()) {
            return Optional.of(ProtocolVersion.SSL_3_0);
        }
        var tls = TLS.matcher(plain);
        // OpenSSL and nginx call TLS 1.0 TLSv1; a 1 alone is ambiguous.
        if (!tls.matches() || tls.group(1) == null && tls.group(3) == null) {
            return Optional.empty();
        }
        var number = tls.group(2) + "." + (tls.group(3) == null ? "0" : tls.group(3));
        return Arrays.stream(ProtocolVersion.values()).filter(version -> version.option().equals(number)).findFirst();
    }

    private static IllegalArgumentException unknown(String text, String meant) {
        return new IllegalArgumentException("'" + text + "' is not a known version; write " + KNOWN
                + ", a range such as 1.2-1.3, or several with commas" + meant);
    }

    private static String meant(String text) {
        return switch (text.strip()) {
            case "1" -> Suggestion.ask("1.0", "1.3");
            case "2", "3" -> Suggestion.ask("1." + text.strip());
            default -> "";
        };
    }

    /** Returns the versions as options and results write them. */
    @Override
    public String toString() {
        var lowest = all.getLast();
        if (all.size() > 1 && all.size() == EnumSet.range(lowest, all.getFirst()).size()) {
            return lowest.option() + "-" + all.getFirst().option();
        }
        return all.reversed().stream().map(ProtocolVersion::option).collect(Collectors.joining(","));
    }
}
