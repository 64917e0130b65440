package dev.shakedown.results;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The result directory of one run. Each {@link #append} is with the operating system when it returns, so that a run
 * that is killed loses only what came later. Single-threaded.
 *
 * <p>All methods throw {@link IOException}s with a message for people that names the file.
 */
public final class ResultFile implements Closeable {
    /** The name of the file with the result. */
    public static final String RUN_JSON = "run.json";
    /** The name of the file with the plan of a run, which is deleted once {@link #RUN_JSON} exists. */
    public static final String BEGUN = "begun.json";
    /** The name of the HdrHistogram interval log. */
    public static final String INTERVALS = "intervals.hlog";

    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_MICRO = 1e3;

    private final Path directory;
    private final OutputStream file;
    private final long startEpochMillis;
    /** A buffer between HistogramLogWriter and the file, since its PrintStream would swallow errors of the file. */
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final PrintStream printer = new PrintStream(pending, false, StandardCharsets.UTF_8);
    private final HistogramLogWriter log = new HistogramLogWriter(printer);

    ResultFile(Path directory, OutputStream file, Instant startedAt) throws IOException {
        this.directory = directory;
        this.file = file;
        this.startEpochMillis = startedAt.toEpochMilli();
        log.outputComment("Shakedown: one line per interval, kind and phase; values in nanoseconds, maxima in ms");
        log.outputLogFormatVersion();
        log.outputStartTime(startEpochMillis);
        log.outputBaseTime(startEpochMillis);
        log.outputLegend();
        flush();
    }

    /**
     * Creates {@code directory}, with its parents, and starts the interval log in it. Intervals are logged relative to
     * {@code startedAt}.
     *
     * @throws IOException also if the directory already contains a run; nothing is ever overwritten
     */
    public static ResultFile create(Path directory, Instant startedAt) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException("cannot create the result directory " + directory + ": " + reason(e), e);
        }
        if (Files.exists(directory.resolve(RUN_JSON))) {
            throw new IOException(
                    directory + " already contains a run; nothing is overwritten, so give another directory");
        }
        return new ResultFile(directory, newFile(directory), startedAt);
    }

    private static OutputStream newFile(Path directory) throws IOException {
        var intervals = directory.resolve(INTERVALS);
        try {
            return Files.newOutputStream(intervals, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(directory + " already contains the intervals of an unfinished run; nothing is"
                    + " overwritten, so give another directory", e);
        } catch (IOException e) {
            throw WholeFile.failed(intervals, e);
        }
    }

    /** Returns the directory of the files. */
    public Path directory() {
        return directory;
    }

    /** Logs every histogram of {@code interval} that has a value. */
    public void append(Interval interval) throws IOException {
        log(interval);
        flush();
    }

    /**
     * Does the work of {@link #append} and discards the outcome. Called in a warm-up, so that the JVM compiles the code
     * that writes results before the first measured ones.
     */
    public void rehearse(Interval interval) {
        log(interval);
        printer.flush();
        pending.reset();
    }

    private void log(Interval interval) {
        var startSeconds = sinceStart(interval.startEpochMillis());
        var endSeconds = sinceStart(interval.endEpochMillis());
        interval.histograms()
                .forEachRecorded(histogram -> log.outputIntervalHistogram(startSeconds, endSeconds, histogram));
    }

    /** Returns seconds since the start; 0 if the clock was set back, since readers skip what precedes the start. */
    private double sinceStart(long epochMillis) {
        return Math.max(0, epochMillis - startEpochMillis) / MILLIS_PER_SECOND;
    }

    private void flush() throws IOException {
        printer.flush();
        try {
            pending.writeTo(file);
            file.flush();
        } catch (IOException e) {
            throw WholeFile.failed(directory.resolve(INTERVALS), e);
        } finally {
            pending.reset();
        }
    }

    /**
     * Writes {@link #BEGUN}, which makes a run readable that never reaches {@link #finish}. The file is on the disk
     * when this returns.
     *
     * @param begun the result before anything has happened
     */
    public void begin(RunResult begun) throws IOException {
        WholeFile.write(directory.resolve(BEGUN), begun.toJson());
    }

    /** Writes {@code run.json}, whole or not at all. */
    public void finish(RunResult result) throws IOException {
        WholeFile.write(directory.resolve(RUN_JSON), result.toJson());
        Files.deleteIfExists(directory.resolve(BEGUN));
    }

    /**
     * Writes the percentiles of histograms in nanoseconds, each to a file named for its tag, such as
     * {@code full.latency.hgrm}, in microseconds and in the form that HdrHistogram's plotter reads.
     */
    public void percentiles(List<Histogram> histograms) throws IOException {
        for (var histogram : histograms) {
            var text = new ByteArrayOutputStream();
            var percentiles = new PrintStream(text, false, StandardCharsets.UTF_8);
            histogram.outputPercentileDistribution(percentiles, NANOS_PER_MICRO);
            percentiles.flush();
            WholeFile.write(directory.resolve(histogram.getTag() + ".hgrm"), text.toString(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } catch (IOException e) {
            throw WholeFile.failed(directory.resolve(INTERVALS), e);
        }
    }

    /** Says what went wrong, without the file's name. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such directory";
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
