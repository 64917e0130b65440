package dev.shakedown.gate;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks of the working tree, as listed by the compiler, so that no jar is needed. */
public final class KnownBenchmarks {
    private KnownBenchmarks() {}

    /** Returns qualified names, such as {@code dev.shakedown.bench.FinishedMacBenchmark.make}. */
    public static Collection<String> names() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT), List.of()).stream()
                .map(BenchmarkListEntry::getUsername).distinct().toList();
    }
}
