package dev.shakedown.gate;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.results.JmhFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Runs benchmarks of two JMH jars. Each fork is a process of its own with one benchmark and one set of its parameters,
 * as with JMH's own forks; in that process JMH runs without forking again.
 */
public final class JmhForks {
    /** By name, since one of them needs JMH. */
    private static final List<String> FORK_CLASSES = List.of("ForkMain", "Ruler", "RulerProfiler");
    private static final String PACKAGE = JmhForks.class.getPackageName();
    /** By name as well: a jar may have another program of its own. */
    private static final String JMH = "org.openjdk.jmh.Main";
    private static final String HINTS = "META-INF/CompilerHints";
    /** Has JMH consume returned values without compiler support, for which it would otherwise probe in each fork. */
    private static final String BLACKHOLE = "-Djmh.blackhole.autoDetect=false";
    private static final String BLACKHOLE_HINTS = """
            inline,org/openjdk/jmh/infra/Blackhole.consume
            dontinline,org/openjdk/jmh/infra/Blackhole.consumeFull
            """;
    private static final Pattern PARAMETER = Pattern.compile(" +param \"(.+)\" = \\{(.*)}");
    private static final long PATIENCE_MINUTES = 30;
    private static final int LAST_LINES = 5;

    private final Path java;
    private final Side base;
    private final Side head;
    private final Path directory;
    private final Path classes;
    private int number;

    /**
     * One side of the comparison.
     *
     * @param name    for people
     * @param jar     contains JMH and the benchmarks
     * @param options of its JVM
     */
    public record Side(String name, Path jar, List<String> options) {}

    /**
     * A benchmark with one set of parameters.
     *
     * @param benchmark  its qualified name
     * @param parameters as JMH takes them: {@code name=value}
     */
    public record Row(String benchmark, List<String> parameters) {
        @Override
        public String toString() {
            return (benchmark + " " + String.join(" ", parameters)).strip();
        }
    }

    /**
     * Prepares the forks of two sides.
     *
     * @param java      the JVM's executable
     * @param directory for the JSON of each fork; it must exist
     */
    public JmhForks(Path java, Side base, Side head, Path directory) throws IOException {
        this.java = java;
        this.base = base;
        this.head = head;
        this.directory = directory;
        // Only these classes precede the measured jar, which may contain older or newer versions of all others.
        classes = directory.resolve("classes");
        for (var fork : FORK_CLASSES) {
            var file = fork + ".class";
            var target = classes.resolve(PACKAGE.replace('.', '/')).resolve(file);
            Files.createDirectories(target.getParent());
            try (var in = JmhForks.class.getResourceAsStream(file)) {
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        for (var isBase : List.of(true, false)) {
            Files.writeString(hints(isBase), BLACKHOLE_HINTS + read(side(isBase).jar));
        }
    }

    private Side side(boolean isBase) {
        return isBase ? base : head;
    }

    private Path hints(boolean isBase) {
        return directory.resolve((isBase ? "base" : "head") + ".hints");
    }

    /** Reads the compiler hints of a jar's benchmarks, which JMH passes to its own forks. */
    private static String read(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            var entry = file.getEntry(HINTS);
            return entry == null ? "" : new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException(jar + " is not a jar with benchmarks: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the benchmarks of one side that match any of {@code patterns}, or all if there is none, each with each
     * set of parameters.
     *
     * @param jmhOptions may set parameters with {@code -p}
     */
    public List<Row> rows(boolean base, List<String> patterns, List<String> jmhOptions) throws IOException {
        var command = new ArrayList<>(List.of(java.toString(), "-cp", side(base).jar.toString(), JMH, "-lp"));
        command.addAll(jmhOptions);
        command.addAll(patterns);
        var listing = directory.resolve("benchmarks.txt");
        run(command, listing, side(base));
        var sets = new LinkedHashMap<String, List<List<String>>>();
        String benchmark = null;
        for (var line : Files.readAllLines(listing)) {
            var parameter = PARAMETER.matcher(line);
            if (line.matches("[\\w$.]+\\.[\\w$]+")) {
                benchmark = line;
                sets.put(benchmark, List.of(List.of()));
            } else if (benchmark != null && parameter.matches()) {
                var name = parameter.group(1);
                var values = parameter.group(2).split(", ");
                sets.computeIfPresent(benchmark, (_, known) -> known.stream()
                        .flatMap(set -> List.of(values).stream().map(value -> plus(set, name + "=" + value))).toList());
            }
        }
        return sets.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(set -> new Row(entry.getKey(), set))).toList();
    }

    private static List<String> plus(List<String> set, String parameter) {
        var longer = new ArrayList<>(set);
        longer.add(parameter);
        return longer;
    }

    /** Returns what runs the forks of one row. */
    public TimeGate.Forks forks(Row row, List<String> jmhOptions) {
        var options = new ArrayList<>(jmhOptions);
        for (int at; (at = options.indexOf("-p")) >= 0;) {
            // The row's own parameters, added below, include these.
            options.subList(at, Math.min(at + 2, options.size())).clear();
        }
        row.parameters.forEach(parameter -> options.addAll(List.of("-p", parameter)));
        return base -> fork(base, (base ? "base-" : "head-") + ++number, row.benchmark, options);
    }

    private Reading fork(boolean base, String name, String benchmark, List<String> jmhOptions) throws IOException {
        var side = side(base);
        var json = directory.resolve(name + ".json");
        var ruler = directory.resolve(name + ".ruler");
        var command = new ArrayList<>(List.of(java.toString()));
        command.addAll(side.options);
        command.addAll(List.of(BLACKHOLE, "-XX:CompileCommand=quiet", "-XX:CompileCommandFile=" + hints(base), "-cp",
                classes + System.getProperty("path.separator") + side.jar, PACKAGE + ".ForkMain", ruler.toString(),
                "^" + Pattern.quote(benchmark) + "$", "-f", "0", "-prof", PACKAGE + ".RulerProfiler", "-foe", "true",
                "-rf", "json", "-rff",
                json.toString()));
        command.addAll(jmhOptions);
        run(command, directory.resolve("fork.log"), side);
        var found = JmhFile.read(json).rows();
        var rows = new HashMap<String, Double>();
        for (var row : found) {
            rows.put(row.name() + (found.size() > 1 ? " " + row.mode() : ""), Ruler.quickest(row.iterationNanos()));
        }
        var figures = Files.readAllLines(ruler);
        return new Reading(new Ruler(Double.parseDouble(figures.get(0)), Double.parseDouble(figures.get(1))), rows);
    }

    /** Merges all forks of one side so far into the text of one JMH file. */
    public String merged(boolean base) throws IOException {
        var files = new ArrayList<Path>();
        for (var i = 1; i <= number; i++) {
            var file = directory.resolve((base ? "base-" : "head-") + i + ".json");
            if (Files.exists(file)) {
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
        if (process.exitValue() != 0) {
            var lines = Files.readAllLines(log);
            throw new IOException("a fork of " + side.name + " failed: " + String.join(" | ",
                    lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
        }
    }
}
