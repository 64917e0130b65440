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
import org.jspecify.annotations.Nullable;

/** The files that a trace writes. If a file cannot be written, the trace goes on without it. */
final class TraceFiles implements AutoCloseable {
    private final @Nullable Path keylog;
    private final @Nullable Capture capture;
    private @Nullable IOException failure;

    private record Capture(Path file, PcapFile packets) {}

    /**
     * Creates the files, before there is anything to lose.
     *
     * @param keylog file for secrets; {@code null} for none
     * @param pcap   file for packets; {@code null} for none
     * @throws IllegalArgumentException with a sentence for the user
     */
    TraceFiles(@Nullable Path keylog, @Nullable Path pcap) {
        this.keylog = keylog;
        if (keylog != null) {
            try {
                KeyLog.create(keylog);
            } catch (IOException e) {
                throw unusable("--keylog", keylog, e);
            }
        }
        capture = pcap == null ? null : capture(pcap);
    }

    private @Nullable Capture capture(Path file) {
        try {
            var out = Files.newOutputStream(file);
            try {
                return new Capture(file, new PcapFile(out));
            } catch (IOException e) {
                out.close();
                failure = WholeFile.failed(file, e);
                return null;
            }
        } catch (IOException e) {
            throw unusable("--pcap", file, e);
        }
    }

    private static IllegalArgumentException unusable(String option, Path file, IOException e) {
        return new IllegalArgumentException(
                option + " " + file + " cannot be written; name a file in an existing directory", e);
    }

    /** Adds a connection that was begun at {@code begun}. */
    void add(Exchange exchange, Instant begun) {
        if (keylog != null && !exchange.secrets().isEmpty()) {
            attempt(keylog, () -> KeyLog.append(keylog, exchange));
        }
        if (capture != null) {
            attempt(capture.file, () -> capture.packets.add(exchange,
                    begun.getEpochSecond() * 1_000_000_000 + begun.getNano()));
        }
    }

    /** @throws CannotRunException if a file could not be written completely */
    void check() {
        if (failure != null) {
            throw new CannotRunException(failure);
        }
    }

    @Override
    public void close() {
        if (capture != null) {
            attempt(capture.file, capture.packets::close);
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
