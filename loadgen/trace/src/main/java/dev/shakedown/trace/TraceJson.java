package dev.shakedown.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * Connections and their verdicts as one JSON object: {@code connections[].events[]} with {@code event} connected, record,
 * remains (bytes that are no whole record), expired, omitted or closed and {@code micros} since the connection was asked for; a record's {@code messages[]} with {@code name} and fields.
 */
public final class TraceJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private TraceJson() {}

    /** @param hex whether every record's bytes are in it */
    public static String of(List<Exchange> exchanges, List<Verdict> verdicts, boolean hex) {
        var root = JsonNodeFactory.instance.objectNode();
        var connections = root.putArray("connections");
        for (var i = 0; i < exchanges.size(); i++) {
            connection(connections.addObject().put("number", i + 1), exchanges.get(i), verdicts.get(i), hex);
        }
        try {
            return MAPPER.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void connection(ObjectNode connection, Exchange exchange, Verdict verdict, boolean hex) {
        var events = connection.putArray("events");
        for (var event : exchange.events()) {
            var one = events.addObject();
            switch (event) {
                case Event.Connected connected -> one.put("event", "connected").put("micros", micros(event))
                        .put("client", address(connected.client())).put("server", address(connected.server()));
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
        if (exchange.version() != null) {
            connection.put("version", exchange.version().label()).put("cipherSuite", exchange.suite().name());
            connection.put("group", exchange.group() == null ? null : exchange.group().label());
        }
        if (exchange.failure() != null) {
            var failure = connection.putObject("failure").put("stage", exchange.failure().stage().label())
                    .put("direction", exchange.failure().sent() ? "sent" : "received")
                    .put("cause", exchange.failure().cause()).put("meaning", exchange.failure().meaning());
            exchange.failure().rule().ifPresent(rule -> failure.put("rule", rule.label()));
        }
        connection.set("verdict", MAPPER.valueToTree(verdict));
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

    private static String address(InetSocketAddress socket) {
        var host = socket.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
    }
}
