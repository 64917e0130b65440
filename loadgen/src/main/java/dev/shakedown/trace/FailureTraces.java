package dev.shakedown.trace;

import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.Witness;
import dev.shakedown.tls.wire.ContentType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps one trace of each way in which handshakes of a load fail. Watching costs, so only a run's first handshakes are
 * watched, and after a failure of which there is no trace yet some more. Thread-safe.
 */
public final class FailureTraces {
    /** How many of a run's first handshakes are watched. */
    private static final int FIRST = 32;
    /** One in so many is watched while a trace is wanted, and so many of them in all for each kind of failure. */
    private static final int ONE_IN = 8;
    private static final int PATIENCE = 2_000;

    /** What tells one failure from another. */
    private record Key(String stage, boolean sent, String cause) {}

    /** One that was watched. */
    private static final class Watched implements Witness {
        private final long begun = System.nanoTime();
        private final Dissector dissector = new Dissector();
        private final List<Event.Record> records = new ArrayList<>();

        @Override
        public void record(boolean sent, byte[] record, ContentType type, byte[] content, boolean isProtected) {
            records.add(new Event.Record(System.nanoTime() - begun, records.size() + 1, sent, record, type,
                    isProtected, dissector.parts(sent, type, content, record.length)));
        }

        @Override
        public void secret(String label, byte[] secret) {
            // shown in no trace of a load
        }
    }

    private final Map<Key, List<Event.Record>> traces = new LinkedHashMap<>();
    private int first = FIRST;
    private int wanted;
    private int patience;
    /** So that those who are not watched wait for nobody. */
    private volatile boolean watching = true;

    /** Who watches the next handshake; {@code null} for nobody. */
    public Witness next() {
        return watching && takesOne() ? new Watched() : null;
    }

    private synchronized boolean takesOne() {
        if (first > 0) {
            first--;
            watch();
            return true;
        }
        patience--;
        watch();
        return patience % ONE_IN == 0;
    }

    private void watch() {
        watching = first > 0 || wanted > 0 && patience > 0;
    }

    /** A handshake has failed that {@code witness} watched, if that is not {@code null}. */
    public synchronized void failed(HandshakeFailure failure, Witness witness) {
        var key = new Key(failure.stage().label(), failure.sent(), failure.cause());
        if (traces.get(key) != null) {
            return;
        }
        if (witness instanceof Watched watched) {
            wanted -= traces.containsKey(key) ? 1 : 0;
            traces.put(key, List.copyOf(watched.records));
        } else if (!traces.containsKey(key)) {
            traces.put(key, null);
            wanted++;
            patience = PATIENCE;
        }
        watch();
    }

    /**
     * Writes the trace of a failure.
     *
     * @param direction {@code sent} or {@code received}, as in results
     * @param summary   what stands above it
     */
    public synchronized void write(Path file, String stage, String direction, String cause, String summary)
            throws IOException {
        var records = traces.get(new Key(stage, direction.equals("sent"), cause));
        try (var out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            out.println(summary);
            out.println();
            if (records == null) {
                out.println(
                        "None of them was watched: a handshake in " + ONE_IN + " is, once a failure has been seen.");
            } else if (records.isEmpty() || stage.equals(Stage.CONNECT.label())) {
                out.println("Nothing was sent or received.");
            } else {
                out.println("One of them, record by record; seconds count from when its connection was asked for.");
                out.println();
                var text = new TraceText(out, 1, false);
                records.forEach(text::print);
            }
        }
    }
}
