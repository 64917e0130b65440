package dev.shakedown.gate;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.results.JmhFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs benchmarks of two jars of JMH, each fork a process of its own in which JMH runs without forking again. */
public final class JmhForks {
    private static final String FORK_MAIN = "ForkMain.class";
    private static final long PATIENCE_MINUTES = 30;
    private static final int LAST_LINES = 5;

    private final Path java;
    private final Map<Boolean, Side> sides;
    private final Path directory;
    private final Path classes;
    private int number;

    /**
     * One side.
     *
     * @param name for people
     * @param jar  with JMH and benchmarks in it
     * @param options of its JVM
     */
    public record Side(String name, Path jar, List<String> options) {}

    /**
     * Settles what to run.
     *
     * @param java      the JVM's executable
     * @param directory where each fork leaves its JSON; it must exist
     */
    public JmhForks(Path java, Side base, Side head, Path directory) throws IOException {
        this.java = java;
        this.sides = Map.of(true, base, false, head);
        this.directory = directory;
        // Only this class is put before the measured jar, which may have all others, older or newer.
        classes = Files.createDirectories(directory.resolve("classes"));
        var target = Files.createDirectories(classes.resolve("dev/shakedown/gate")).resolve(FORK_MAIN);
        try (var in = JmhForks.class.getResourceAsStream(FORK_MAIN)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The whole names of the benchmarks that either side has and that any of {@code patterns} finds; all if there is none. */
    public List<String> benchmarks(List<String> patterns) throws IOException {
        var names = new ArrayList<String>();
        for (var side : sides.values()) {
            var command = new ArrayList<>(List.of(java.toString(), "-jar", side.jar.toString(), "-l"));
            command.addAll(patterns);
            var listing = directory.resolve("benchmarks.txt");
            run(command, listing, side);
            Files.readAllLines(listing).stream().filter(line -> line.matches("[\\w$.]+\\.[\\w$]+"))
                    .filter(name -> !names.contains(name)).forEach(names::add);
        }
        return names.stream().sorted().toList();
    }

    /** Forks of one benchmark with all its parameters. */
    public TimeGate.Forks forks(String benchmark, List<String> jmhOptions) {
        return base -> fork(sides.get(base), (base ? "base-" : "head-") + ++number, benchmark, jmhOptions);
    }

    private Reading fork(Side side, String name, String benchmark, List<String> jmhOptions) throws IOException {
        var json = directory.resolve(name + ".json");
        var ruler = directory.resolve(name + ".ruler");
        var command = new ArrayList<>(List.of(java.toString()));
        command.addAll(side.options);
        command.addAll(List.of("-cp", classes + System.getProperty("path.separator") + side.jar,
                ForkMain.class.getName(), ruler.toString(), "^" + Pattern.quote(benchmark) + "$", "-f", "0", "-foe",
                "true", "-rf", "json", "-rff", json.toString()));
        command.addAll(jmhOptions);
        run(command, directory.resolve("fork.log"), side);
        if (!Files.exists(json) || Files.size(json) == 0) {
            // The side does not have it.
            return new Reading(Double.parseDouble(Files.readString(ruler)), Map.of());
        }
        var rows = new HashMap<String, Double>();
        for (var row : JmhFile.read(json).rows()) {
            var median = row.median() * (Double.isNaN(row.unitNanos()) ? 1 : row.unitNanos());
            // More is worse, as with times.
            rows.put(row.name(), row.smallerIsBetter() ? median : 1 / median);
        }
        return new Reading(Double.parseDouble(Files.readString(ruler)), rows);
    }

    /** All forks of one side so far as one file of JMH's. */
    public String merged(boolean base) throws IOException {
        var files = new ArrayList<Path>();
        for (var i = 1; i <= number; i++) {
            var file = directory.resolve((base ? "base-" : "head-") + i + ".json");
            if (Files.exists(file) && Files.size(file) > 0) {
                files.add(file);
            }
        }
        return JmhFile.merged(files);
    }

    private void run(List<String> command, Path log, Side side) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(
                        "a fork of " + side.name + " did not end within " + PATIENCE_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        var lines = Files.readAllLines(log);
        if (process.exitValue() != 0 && lines.stream().noneMatch(line -> line.contains("No matching benchmarks"))) {
            throw new IOException("a fork of " + side.name + " failed: " + String.join(" | ",
                    lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
        }
    }
}
