package dev.shakedown.trace;

import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Tls13Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The events of one connection. A server can send more than there is room for, so only the first, the last, and those
 * essential to the handshake are kept.
 */
final class EventLog {
    /** How many events are kept at the beginning and at the end. */
    static final int KEPT = 1_000;

    private final Consumer<Event> live;
    private final List<Event> events = new ArrayList<>();
    private final Deque<Event> last = new ArrayDeque<>();
    private long omitted;

    /** @param live receives each event that is kept, as soon as that is certain */
    EventLog(Consumer<Event> live) {
        this.live = live;
    }

    void add(Event event) {
        if (events.size() < KEPT) {
            keep(event);
            return;
        }
        last.addLast(event);
        if (last.size() > KEPT) {
            var oldest = last.removeFirst();
            if (matters(oldest)) {
                keep(oldest);
            } else {
                omitted++;
            }
        }
    }

    private void keep(Event event) {
        events.add(event);
        live.accept(event);
    }

    /** Ends the log and returns all events that are kept. */
    List<Event> end() {
        if (omitted > 0) {
            keep(new Event.Omitted(last.getFirst().nanos(), omitted));
        }
        last.forEach(this::keep);
        last.clear();
        return List.copyOf(events);
    }

    /**
     * Whether the event advances the handshake or concerns the connection itself; the number of such events is limited.
     */
    private static boolean matters(Event event) {
        return !(event instanceof Event.Remains) && (!(event instanceof Event.Record record) || record.parts().stream()
                .anyMatch(part -> part instanceof RecordPart.Handshake handshake && switch (handshake.message()) {
                    case HandshakeMessage.HelloRequest _,Tls13Message.KeyUpdate _,Tls13Message.NewSessionTicket _ ->
                        false;
                    default -> true;
                }));
    }
}
