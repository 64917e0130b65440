package dev.shakedown.cli;

import dev.shakedown.results.WholeFile;
import dev.shakedown.run.CannotRunException;
import dev.shakedown.trace.Exchange;
import dev.shakedown.trace.KeyLog;
import dev.shakedown.trace.PcapFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What a trace leaves beside what it prints. Where a file cannot be written the trace goes on without it. */
final class TraceFiles implements AutoCloseable {
    private final Path keylog;
    private final Path pcap;
    private final PcapFile capture;
    private IOException failure;

    /**
     * Makes the files, before there is anything to lose.
     *
     * @param keylog gets secrets; {@code null} for none
     * @param pcap   gets packets; {@code null} for none
     * @throws IllegalArgumentException with a sentence for the user
     */
    TraceFiles(Path keylog, Path pcap) {
        this.keylog = keylog;
        this.pcap = pcap;
        if (keylog != null) {
            try {
                KeyLog.create(keylog);
            } catch (IOException e) {
                throw unusable("--keylog", keylog, e);
            }
        }
        capture = pcap == null ? null : capture();
    }

    private PcapFile capture() {
        try {
            var out = Files.newOutputStream(pcap);
            try {
                return new PcapFile(out);
            } catch (IOException e) {
                out.close();
                failure = WholeFile.failed(pcap, e);
                return null;
            }
        } catch (IOException e) {
            throw unusable("--pcap", pcap, e);
        }
    }

    private static IllegalArgumentException unusable(String option, Path file, IOException e) {
        return new IllegalArgumentException(
                option + " " + file + " cannot be written; name a file in a directory that is there", e);
    }

    /** Adds a connection that was asked for at {@code begun}. */
    void add(Exchange exchange, Instant begun) {
        if (keylog != null && !exchange.secrets().isEmpty()) {
            attempt(keylog, () -> KeyLog.append(keylog, exchange));
        }
        if (capture != null) {
            attempt(pcap, () -> capture.add(exchange, begun.getEpochSecond() * 1_000_000_000 + begun.getNano()));
        }
    }

    /** @throws CannotRunException if a file lacks something */
    void check() {
        if (failure != null) {
            throw new CannotRunException(failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        if (capture != null) {
            attempt(pcap, capture::close);
        }
    }

    private interface Writing {
        void write() throws IOException;
    }

    private void attempt(Path file, Writing writing) {
        if (failure == null) {
            try {
                writing.write();
            } catch (IOException e) {
                failure = WholeFile.failed(file, e);
            }
        }
    }
}
