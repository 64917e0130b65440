package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.server.TlsServer;
import dev.shakedown.server.TlsServerOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of the pages. */
@Tag("interop")
@Timeout(180)
class BrowserTest {
    private static final Executable CHROMIUM = new Executable("chromium", "chromium");
    private static final Executable PDFTOPPM = new Executable("pdftoppm", "poppler-utils");
    private static final Pattern FIGURE = Pattern.compile("<figure id=\"([^\"]+)\">(.*?)</figure>", Pattern.DOTALL);

    private static final String LIGHT = "--blink-settings=preferredColorScheme=1";
    private static final String DARK = "--blink-settings=preferredColorScheme=0";
    /** So many colours has each scheme. */
    private static final int COLOURS = 8;

    /** A series has that many pixels at 75 to the inch; a legend by itself is not so high. */
    private static final long LEAST_PIXELS = 10;
    private static final int LEAST_HEIGHT = 60;

    @TempDir
    private Path directory;

    @Test
    void aRunIsDrawn() throws Exception {
        var results = run();
        var page = assertDrawn(results, "percentiles", "latency-over-time", "rate-over-time", "phases", "resumption");
        assertTrue(page.contains("connection_refused"), "the failures");
        assertTrue(page.contains("A handshake that failed at connect"), "and their trace");
        assertTrue(page.contains("step 2") && page.contains("127.0.0.1:1</th>"), "load phases and targets");
        assertTrue(page.contains("Too few to compare: "), "the verdict");
        var compared = directory.resolve("compare.html");
        var comparison = CommandRun.of("compare", results.toString(), results.toString(), "--format", "html", "--out",
                compared.toString());
        assertEquals(0, comparison.exitCode(), comparison::toString);
        var rendered = render(compared, LIGHT);
        assertEquals(List.of(), rendered.console());
        var curves = figures(rendered.page()).get("percentiles");
        hues(curves).forEach(hue -> assertTrue(marks(curves, colour(rendered.page(), hue)) > 0, hue));
        // It can be made again, and is the same.
        var before = Files.readString(results.resolve("report.html"));
        var again = CommandRun.of("report", results.toString(), "--format", "html");
        assertEquals(0, again.exitCode(), again::toString);
        assertEquals(before, again.out());
        assertEquals(before, Files.readString(results.resolve("report.html")));
    }

    /** Some full handshakes, some resumed, and some that a second target refuses. */
    private Path run() throws Exception {
        var results = directory.resolve("run");
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var port = target.address().getPort();
            var run = CommandRun.of("run", "127.0.0.1:" + port, "127.0.0.1:1", "--steps", "50,100:1s", "--warmup",
                    "300ms", "--quiet", "--out", results.toString());
            assertEquals(0, run.exitCode(), run::toString);
        }
        return results;
    }

    @Test
    void aCapacityAndACostAreDrawn() throws Exception {
        try (var target = TlsServer.start(TlsServerOptions.defaults())) {
            var address = "127.0.0.1:" + target.address().getPort();
            var capacity = CommandRun.of("capacity", address, "--from", "100", "--max-rate", "200", "--step", "300ms",
                    "--confirm", "300ms", "--warmup", "100ms", "--mix", "full=1", "--mix", "resumed=1", "--quiet",
                    "--objective", "p50<5s", "--out", directory.resolve("capacity").toString());
            assertEquals(0, capacity.exitCode(), capacity::toString);
            var cost = CommandRun.of("cost", address, "--groups", "1", "--block", "300ms", "--warmup", "100ms",
                    "--rate",
                    "100", "--tls", "1.2,1.3", "--quiet", "--out", directory.resolve("cost").toString());
            assertEquals(0, cost.exitCode(), cost::toString);
            for (var each : List.of(capacity, cost)) {
                var text = CommandRun.of("report",
                        directory.resolve(each == capacity ? "capacity" : "cost").toString());
                assertEquals(each.out(), text.out());
            }
        }
        assertDrawn(directory.resolve("capacity"), "capacity-full-1-resumed-0", "capacity-full-0-resumed-1");
        assertDrawn(directory.resolve("cost"), "cost-1.2", "phases-1.2", "cost-1.3", "phases-1.3");
    }

    @Test
    void benchmarksAreDrawn() throws Exception {
        var page = assertDrawn(bench(), "medians", "percentiles-Key.derive");
        assertTrue(page.contains("Mac.alloc"), "what is no time");
    }

    @Test
    void theDarkSchemeHasColoursOfItsOwn() throws Exception {
        var file = page(bench());
        var light = render(file, LIGHT);
        var dark = render(file, DARK);
        assertEquals(List.of(), dark.console());
        var colours = colours(light.page());
        assertEquals(2 * COLOURS, colours.size(), colours::toString);
        for (var figure : figures(dark.page()).entrySet()) {
            var first = colours.indexOf(colour(light.page(), hues(figure.getValue()).getFirst()));
            assertTrue(marks(figure.getValue(), colours.get(COLOURS + first)) > 0, figure::getKey);
            assertEquals(0, marks(figure.getValue(), colours.get(first)), figure.getKey());
        }
    }

    /** What the other tests rely on: that they would hear of a fault. */
    @Test
    void faultsOfScriptsAreHeard() throws Exception {
        var file = Files.writeString(directory.resolve("faulty.html"), "<script>console.error('deliberate')</script>"
                + "<script>nobodyKnowsThis()</script><p>there</p>");
        var rendered = render(file, LIGHT);
        assertTrue(rendered.page().contains("<p>there</p>"), rendered::page);
        for (var words : List.of("deliberate", "nobodyKnowsThis is not defined")) {
            assertTrue(rendered.console().stream().anyMatch(line -> line.contains(words)), rendered::toString);
        }
        // A picture without its series is a figure with axes.
        var empty = Files.writeString(directory.resolve("empty.html"),
                Files.readString(page(bench())).replace("      series: series(data, colour),\n",
                        "      series: [],\n"));
        var page = render(empty, LIGHT).page();
        figures(page).forEach((name, figure) -> {
            assertTrue(figure.contains("<path "), "axes of " + name);
            assertEquals(0, marks(figure, colour(page, hues(figure).getFirst())), name);
        });
    }

    /**
     * Folds open for the printer and close again, a picture shrinks with the paper, and a telephone need not scroll.
     */
    @Test
    void paperAndSmallScreensHoldThePage() throws Exception {
        var results = bench();
        var file = page(results);
        var probed = Files.writeString(directory.resolve("probed.html"), Files.readString(file)
                .replace("</main>\n<footer>",
                        "<section><details><summary>S</summary><pre>x</pre></details></section></main>\n<footer>")
                .replace("</script>\n</body>\n</html>", """
                        </script><script>
                        dispatchEvent(new Event('beforeprint'));
                        const shown = document.querySelectorAll('main > section > details[open]').length;
                        dispatchEvent(new Event('afterprint'));
                        document.body.dataset.folds = shown + ' ' + document.querySelectorAll('details[open]').length;
                        document.body.dataset.wider =
                          document.documentElement.scrollWidth - document.documentElement.clientWidth;
                        </script></body></html>"""));
        var rendered = render(probed, LIGHT, "--window-size=390,800");
        assertEquals(List.of(), rendered.console());
        assertTrue(rendered.page().contains("data-folds=\"1 0\""), "folds");
        assertTrue(rendered.page().contains("data-wider=\"0\""), "wider than the screen");
        figures(rendered.page()).forEach((name, figure) -> assertTrue(figure.matches("(?s).*<svg [^>]*viewBox=\"0 0 "
                + "[0-9]+ [0-9]+\".*"), name));
    }

    /** Every hue of every picture is to be seen on paper, which is white whatever the screen is. */
    @Test
    void everyPictureIsOnPaper() throws Exception {
        var results = run();
        var file = results.resolve("report.html");
        var drawn = render(file, LIGHT).page();
        var alone = directory.resolve("alone.html");
        for (var figure : figures(drawn).keySet()) {
            // One picture at a time, so that none has another's pixels.
            Files.writeString(alone, FIGURE.matcher(Files.readString(file)).replaceAll(match -> figure
                    .equals(match.group(1)) ? Matcher.quoteReplacement(match.group()) : ""));
            var paper = directory.resolve(figure + ".pdf");
            assertEquals(List.of(), render(alone, DARK, "--print-to-pdf=" + paper).console());
            var pixels = pixels(paper);
            assertEquals(0xffffff, pixels.getFirst().getRGB(0, 0) & 0xffffff, "the paper");
            for (var hue : hues(figures(drawn).get(figure))) {
                var colour = Integer.parseInt(colour(drawn, hue).substring(1), 16);
                var found = pixels.stream().mapToLong(page -> count(page, colour)).sum();
                assertTrue(found >= LEAST_PIXELS, () -> figure + ": " + found + " pixels of " + hue);
            }
            var colours = hues(figures(drawn).get(figure)).stream()
                    .map(hue -> Integer.parseInt(colour(drawn, hue).substring(1), 16)).collect(Collectors.toSet());
            var tall = pixels.stream().mapToInt(page -> height(page, colours)).max().orElse(0);
            assertTrue(tall >= LEAST_HEIGHT, () -> figure + " is crushed, or only its legend is there: " + tall);
        }
    }

    private static List<BufferedImage> pixels(Path pdf) throws IOException, InterruptedException {
        var prefix = pdf.resolveSibling(pdf.getFileName() + "-pages");
        var process = new ProcessBuilder(PDFTOPPM.require(), "-r", "75", "-png", pdf.toString(), prefix.toString())
                .inheritIO().start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, "pdftoppm");
        var pages = new ArrayList<BufferedImage>();
        try (var files = Files.newDirectoryStream(pdf.getParent(), prefix.getFileName() + "*.png")) {
            for (var page : files) {
                pages.add(ImageIO.read(page.toFile()));
            }
        }
        return pages;
    }

    private static long count(BufferedImage page, int colour) {
        return IntStream.range(0, page.getHeight()).mapToLong(y -> IntStream.range(0, page.getWidth())
                .filter(x -> (page.getRGB(x, y) & 0xffffff) == colour).count()).sum();
    }

    /** From the highest to the lowest pixel of these colours. */
    private static int height(BufferedImage page, Set<Integer> colours) {
        var rows = IntStream.range(0, page.getHeight()).filter(y -> IntStream.range(0, page.getWidth())
                .anyMatch(x -> colours.contains(page.getRGB(x, y) & 0xffffff))).summaryStatistics();
        return rows.getCount() == 0 ? 0 : rows.getMax() - rows.getMin();
    }

    /** Results of JMH, of less than a microsecond too. */
    private Path bench() throws IOException {
        var results = Files.createDirectories(directory.resolve("bench"));
        var sampled = """
                {"benchmark": "a.KeyBenchmark.derive", "mode": "sample", "params": {"group": "%s"}, "primaryMetric":
                 {"score": 50, "scoreUnit": "us/op", "rawDataHistogram": [[[[%d, 900], [%d, 99]]], [[[60, 500]]]]}}""";
        Files.writeString(results.resolve("bench.json"), """
                [{"benchmark": "a.MacBenchmark.make", "mode": "avgt", "primaryMetric":
                  {"score": 0.25, "scoreUnit": "us/op", "rawData": [[0.24, 0.26], [0.25]]}},
                 {"benchmark": "a.MacBenchmark.alloc", "mode": "thrpt", "primaryMetric":
                  {"score": 7, "scoreUnit": "ops/s", "rawData": [[7]]}}, %s, %s]"""
                .formatted(sampled.formatted("x25519", 45, 70), sampled.formatted("secp256r1", 145, 1200)));
        return results;
    }

    private static Path page(Path results) {
        var report = CommandRun.of("report", results.toString(), "--format", "html");
        assertEquals(0, report.exitCode(), report::err);
        return results.resolve("report.html");
    }

    /** @return the page as the browser has it once its scripts ran */
    private String assertDrawn(Path results, String... figures) throws IOException, InterruptedException {
        var rendered = render(Files.exists(results.resolve("report.html"))
                ? results.resolve("report.html")
                : page(results), LIGHT);
        assertEquals(List.of(), rendered.console());
        var page = rendered.page();
        var drawn = figures(page);
        assertEquals(List.of(figures), List.copyOf(drawn.keySet()));
        for (var name : figures) {
            var csv = Files.readAllLines(results.resolve("csv").resolve(name + ".csv"));
            assertTrue(csv.size() > 1, () -> name + " has no data: " + csv);
            // The table that goes with it has the same rows.
            assertEquals(csv.size() - 1,
                    Pattern.compile("<th scope=\"row\">").matcher(drawn.get(name)).results().count(), name);
            var hues = hues(drawn.get(name));
            var series = csv.getLast().split(",", -1).length - 1;
            for (var i = 0; i < series; i++) {
                var column = i + 1;
                // A bar of nothing may not be there; names of series are in a legend if there are several.
                var values = csv.stream().skip(1).map(line -> line.split(",", -1)[column])
                        .filter(value -> !value.isEmpty() && Double.parseDouble(value) > 0).count();
                assertTrue(marks(drawn.get(name), colour(page, hues.get(i))) >= values + (series > 1 ? 1 : 0),
                        () -> "series " + column + " of " + name + " is not drawn");
            }
        }
        return page;
    }

    private static Map<String, String> figures(String page) {
        var figures = new LinkedHashMap<String, String>();
        FIGURE.matcher(page).results().forEach(match -> figures.put(match.group(1), match.group(2)));
        return figures;
    }

    /** Of series: those of the light scheme, and then of the dark one. */
    private static List<String> colours(String page) {
        return Pattern.compile("--s[0-9]: (#[0-9a-f]{6});").matcher(page).results().map(match -> match.group(1))
                .toList();
    }

    /** What the series of a figure are drawn in, by the names of {@code page.css}. */
    private static List<String> hues(String figure) {
        return Pattern.compile("\"hue\":\"([^\"]+)\"").matcher(figure).results().map(match -> match.group(1)).toList();
    }

    /** The light scheme's. */
    private static String colour(String page, String hue) {
        var found = Pattern.compile("--" + hue + ": (#[0-9a-f]{6});").matcher(page);
        assertTrue(found.find(), hue);
        return found.group(1);
    }

    /** Shapes of a colour. */
    private static long marks(String figure, String colour) {
        return Pattern.compile("<(path|rect|circle|polyline|polygon|ellipse)[^>]* (fill|stroke)=\"" + colour + "\"")
                .matcher(figure).results().count();
    }

    /** @param console what scripts complained of */
    private record Rendered(String page, List<String> console) {}

    private Rendered render(Path file, String... options) throws IOException, InterruptedException {
        var log = directory.resolve("browser.log");
        var dom = directory.resolve("browser.html");
        var command = new ArrayList<>(List.of(CHROMIUM.require(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--user-data-dir=" + directory.resolve("profile"), "--enable-logging=stderr",
                "--virtual-time-budget=5000"));
        command.addAll(List.of(options));
        if (Stream.of(options).noneMatch(option -> option.startsWith("--print-to-pdf"))) {
            command.add("--dump-dom");
        }
        command.add(file.toUri().toString());
        var process = new ProcessBuilder(command).redirectOutput(dom.toFile()).redirectError(log.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the browser does not end");
        } finally {
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
        }
        var console = Files.readAllLines(log).stream().filter(line -> line.contains("CONSOLE")).toList();
        return new Rendered(Files.readString(dom), console);
    }
}
