package dev.shakedown.gate;

import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.comparison.GateResult;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.results.Advice;
import dev.shakedown.results.Json;
import dev.shakedown.results.Setting;
import dev.shakedown.results.WholeFile;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Figures that are the same, or nearly so, however busy the machine is.
 *
 * @param suite what was measured
 * @param facts what must be equal for two of these to be comparable: {@code jdk}, {@code provider}, {@code code} and so
 *              on
 */
public record Signals(String suite, Map<String, String> facts, List<Signal> signals) {
    /** The file in a baseline's directory. */
    public static final String FILE = "signals.json";

    private static final int FINGERPRINT_LENGTH = 12;

    /** What is counted, and which increase of it is tolerated. */
    public enum Kind {
        /** Bytes of heap that an operation allocates. */
        ALLOCATED_BYTES("B/op", 0.01, 128),
        /** Bytes of TLS records, which vary a little with the length of signatures. */
        WIRE_BYTES("B/op", 0.005, 2),
        /** Flights of both sides. */
        FLIGHTS("flights", 0, 0),
        /** Operations of the client: key generation, key agreement, signing, verifying, RSA. */
        PUBLIC_KEY_OPERATIONS("operations", 0, 0);

        private final String unit;
        private final double share;
        private final double floor;

        Kind(String unit, double share, double floor) {
            this.unit = unit;
            this.share = share;
            this.floor = floor;
        }

        private double allowance(double base) {
            return Math.max(share * base, floor);
        }
    }

    private static final Advice LESS = Advice.of("less; %s makes that the new baseline", Setting.UPDATE);

    /** @param value per operation */
    public record Signal(String name, Kind kind, double value) {}

    public Signals {
        facts = new TreeMap<>(facts);
        signals = List.copyOf(signals);
    }

    /** Returns a short name for suite and facts. */
    public String fingerprint() {
        try {
            var text = suite + facts;
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8))).substring(0, FINGERPRINT_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes this as a baseline. @return the file */
    public Path write(Path baselines) throws IOException {
        var file = Files.createDirectories(baselines.resolve(suite).resolve(fingerprint())).resolve(FILE);
        WholeFile.write(file, toJson());
        return file;
    }

    /**
     * Judges these signals by the baseline with the same fingerprint.
     *
     * @param names by which verdicts call settings
     */
    public GateResult judge(Path baselines, Setting.Names names) throws IOException {
        var file = baselines.resolve(suite).resolve(fingerprint()).resolve(FILE);
        var head = "this build";
        if (!Files.exists(file)) {
            var because = "no baseline has its fingerprint " + fingerprint() + ": " + nearest(baselines);
            return new GateResult("signals", "no baseline", head, null, facts.getOrDefault("jdk", ""), signals.stream()
                    .map(signal -> new RowVerdict(signal.name, Verdict.INCOMPARABLE, null, null, null, null, null,
                            signal.value, signal.kind.unit, 0, because))
                    .toList());
        }
        var base = read(file).signals.stream().collect(Collectors.toMap(Signal::name, signal -> signal));
        var rows = new ArrayList<RowVerdict>();
        for (var signal : signals) {
            rows.add(judge(base.remove(signal.name), signal, names));
        }
        base.values().forEach(gone -> rows.add(new RowVerdict(gone.name, Verdict.INCOMPARABLE, null, null, null, null,
                gone.value, null, gone.kind.unit, 0, "only the baseline has it")));
        return new GateResult("signals", file.toString(), head, null, facts.getOrDefault("jdk", ""), rows);
    }

    private static RowVerdict judge(@Nullable Signal base, Signal head, Setting.Names names) {
        if (base == null) {
            return new RowVerdict(head.name, Verdict.INCOMPARABLE, null, null, null, null, null, head.value,
                    head.kind.unit, 0, "the baseline does not have it");
        }
        var more = head.value - base.value;
        var allowance = head.kind.allowance(base.value);
        var verdict = more > allowance + 1e-6 ? Verdict.FAIL : Verdict.PASS;
        var because = verdict == Verdict.FAIL
                ? String.format(Locale.ROOT, "%,.1f more, where %,.1f are allowed", more, allowance)
                : -more > allowance + 1e-6 ? LESS.in(names) : "the same";
        return new RowVerdict(head.name, verdict, base.value == 0 ? null : head.value / base.value, null, null, null,
                base.value, head.value, head.kind.unit, 0, because);
    }

    /** Says in which facts the most similar baseline differs. */
    private String nearest(Path baselines) throws IOException {
        var directory = baselines.resolve(suite);
        if (!Files.isDirectory(directory)) {
            return "there is none of suite " + suite + " below " + baselines;
        }
        List<String> fewest = null;
        try (var all = Files.list(directory)) {
            for (var each : all.sorted().toList()) {
                if (!Files.exists(each.resolve(FILE))) {
                    continue;
                }
                var other = read(each.resolve(FILE)).facts;
                var names = new TreeMap<>(facts);
                names.putAll(other);
                var differing = names.keySet().stream()
                        .filter(name -> !String.valueOf(facts.get(name)).equals(String.valueOf(other.get(name))))
                        .map(name -> name + " is " + facts.get(name) + ", the baseline's " + other.get(name)).toList();
                if (fewest == null || differing.size() < fewest.size()) {
                    fewest = differing;
                }
            }
        }
        return fewest == null ? "there is none of suite " + suite + " below " + baselines : String.join("; ", fewest);
    }

    /** @throws IOException with a message for people, naming the file */
    public static Signals read(Path file) throws IOException {
        try {
            return Json.RESULTS.treeToValue(Json.readResult(file), Signals.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " contains no signals: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw new IOException(file + " contains no signals: it is not text: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Returns the JSON text, with a line break at its end. */
    public String toJson() {
        return Json.result(Json.INDENTED, this);
    }
}
