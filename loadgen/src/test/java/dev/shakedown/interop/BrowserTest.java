package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.target.Target;
import dev.shakedown.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of the pages. */
@Timeout(180)
class BrowserTest {
    private static final Executable CHROMIUM = new Executable("chromium", "chromium");
    private static final Pattern FIGURE = Pattern.compile("<figure id=\"([^\"]+)\">(.*?)</figure>", Pattern.DOTALL);

    @TempDir
    private Path directory;

    @Test
    void aRunIsDrawn() throws Exception {
        var results = directory.resolve("run");
        try (var target = Target.start(TargetOptions.defaults())) {
            var port = target.address().getPort();
            var run = CommandRun.of("run", "127.0.0.1:" + port, "127.0.0.1:1", "--steps", "50,100:1s", "--warmup",
                    "300ms", "--quiet", "--out", results.toString());
            assertEquals(0, run.exitCode(), run::toString);
        }
        var page = assertDrawn(results, "percentiles", "latency-over-time", "rate-over-time", "phases", "resumption");
        assertTrue(page.contains("connection_refused"), "the failures");
        assertTrue(page.contains("One that failed at connect"), "and their trace");
        assertTrue(page.contains("step 2") && page.contains("127.0.0.1:1</th>"), "load phases and targets");
        assertTrue(page.contains("A resumed handshake took "), "the verdict");
        // It can be made again, and is the same.
        var before = Files.readString(results.resolve("report.html"));
        var again = CommandRun.of("report", results.toString(), "--format", "html");
        assertEquals(0, again.exitCode(), again::toString);
        assertEquals(before, again.out());
        assertEquals(before, Files.readString(results.resolve("report.html")));
    }

    @Test
    void aCapacityAndACostAreDrawn() throws Exception {
        try (var target = Target.start(TargetOptions.defaults())) {
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

    /** @return the page as the browser has it once its scripts ran */
    private String assertDrawn(Path results, String... figures) throws IOException, InterruptedException {
        var page = render(results.resolve("report.html"));
        var drawn = new ArrayList<String>();
        var matcher = FIGURE.matcher(page);
        while (matcher.find()) {
            var name = matcher.group(1);
            drawn.add(name);
            assertTrue(matcher.group(2).contains("<svg ") && matcher.group(2).contains("<path "), name + " is empty");
            var csv = Files.readAllLines(results.resolve("csv").resolve(name + ".csv"));
            assertTrue(csv.size() > 1, () -> name + " has no data: " + csv);
            // The table that goes with it has the same rows.
            assertEquals(csv.size() - 1,
                    Pattern.compile("<th scope=\"row\">").matcher(matcher.group(2)).results().count(),
                    name);
        }
        assertEquals(List.of(figures), drawn);
        return page;
    }

    private String render(Path file) throws IOException, InterruptedException {
        var log = directory.resolve("browser.log");
        var dom = directory.resolve("browser.html");
        var process = new ProcessBuilder(CHROMIUM.require(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--user-data-dir=" + directory.resolve("profile"), "--enable-logging=stderr",
                "--virtual-time-budget=5000", "--dump-dom", file.toUri().toString()).redirectOutput(dom.toFile())
                .redirectError(log.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the browser does not end");
        } finally {
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
        }
        var console = Files.readAllLines(log).stream().filter(line -> line.contains("CONSOLE")).toList();
        assertEquals(List.of(), console);
        return Files.readString(dom);
    }
}
