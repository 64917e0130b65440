package dev.shakedown.trace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.Json;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.util.List;
import java.util.Locale;

/**
 * Formats connections and their verdicts as one JSON object: {@code connections[].events[]} with {@code event}
 * connected, record, remains (bytes that are not a complete record), expired, omitted or closed, and {@code micros}
 * since the request to connect; a record has {@code messages[]} with {@code name} and fields.
 */
public final class TraceJson {
    private TraceJson() {}

    /**
     * Returns the object as text.
     *
     * @param hex   whether to include every record's bytes
     * @param names names of the settings mentioned in verdicts
     */
    public static String of(List<Exchange> exchanges, List<Verdict> verdicts, boolean hex, Setting.Names names) {
        var root = JsonNodeFactory.instance.objectNode();
        var connections = root.putArray("connections");
        for (var i = 0; i < exchanges.size(); i++) {
            connection(connections.addObject().put("number", i + 1), exchanges.get(i), verdicts.get(i), hex, names);
        }
        return Json.result(Json.INDENTED, root);
    }

    private static void connection(ObjectNode connection, Exchange exchange, Verdict verdict, boolean hex,
            Setting.Names names) {
        var events = connection.putArray("events");
        for (var event : exchange.events()) {
            var one = events.addObject();
            switch (event) {
                case Event.Connected connected -> one.put("event", "connected").put("micros", micros(event))
                        .put("client", HostPort.of(connected.client())).put("server", HostPort.of(connected.server()));
                case Event.Record record -> record(one, record, hex);
                case Event.Closed closed -> one.put("event", "closed").put("micros", micros(event))
                        .put("sent", closed.sent()).put("reset", closed.reset());
                case Event.Remains remains -> one.put("event", "remains").put("micros", micros(event))
                        .putPOJO("bytes", new Hex(remains.bytes()));
                case Event.Expired _ -> one.put("event", "expired").put("micros", micros(event));
                case Event.Omitted omitted -> one.put("event", "omitted").put("micros", micros(event))
                        .put("events", omitted.events());
            }
        }
        connection.put("completed", exchange.completed()).put("resumed", exchange.resumed())
                .put("earlyData", exchange.earlyData().name().toLowerCase(Locale.ROOT));
        if (exchange.version() != null && exchange.suite() != null) {
            connection.put("version", exchange.version().label()).put("cipherSuite", exchange.suite().name());
            connection.put("group", exchange.group() == null ? null : exchange.group().label());
        }
        if (exchange.failure() != null) {
            var failure = connection.putObject("failure").put("stage", exchange.failure().stage().label())
                    .put("direction", exchange.failure().sent() ? "sent" : "received")
                    .put("cause", exchange.failure().cause()).put("meaning", Meaning.of(exchange.failure()).in(names));
            exchange.failure().rule().ifPresent(rule -> failure.put("rule", rule.label()));
        }
        verdict(connection.putObject("verdict"), verdict, names);
    }

    private static void verdict(ObjectNode node, Verdict verdict, Setting.Names names) {
        node.put("completed", verdict.completed()).put("sentence", verdict.sentence());
        verdict.phases().forEach(node.putObject("phases")::put);
        node.put("clientMicros", verdict.clientMicros());
        verdict.offered().forEach(node.putObject("offered")::put);
        verdict.accepted().forEach(node.putObject("accepted")::put);
        node.put("cause", verdict.cause().map(cause -> cause.in(names)).orElse(null))
                .put("advice", verdict.advice().map(advice -> advice.in(names)).orElse(null))
                .put("command", verdict.command().orElse(null)).put("probes", verdict.probes());
    }

    private static void record(ObjectNode one, Event.Record record, boolean hex) {
        one.put("event", "record").put("micros", micros(record)).put("number", record.number())
                .put("sent", record.sent()).put("recordType", record.outerType())
                .put("version", ProtocolVersion.describe(record.version())).put("length", record.length())
                .put("type", record.type().name().toLowerCase(Locale.ROOT)).put("protected", record.isProtected());
        if (hex) {
            one.putPOJO("bytes", new Hex(record.bytes()));
        }
        var messages = one.putArray("messages");
        record.parts().forEach(part -> messages.addObject().put("name", part.name()).setAll(Fields.of(part)));
    }

    private static double micros(Event event) {
        return event.nanos() / 1e3;
    }
}
