package dev.shakedown.trace;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.EarlyData;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.Printable;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of an exchange, in words.
 *
 * @param completed    whether the handshake completed
 * @param sentence     what was negotiated, or at which stage it failed, which side ended it, and how
 * @param phases       microseconds from each step to the next, by the names of results
 * @param clientMicros how many of those microseconds the client itself took
 * @param offered      what the client offered: versions, suites, groups and so on
 * @param accepted     what the server chose, as far as it got
 * @param cause        the likely cause; empty if the handshake completed
 * @param advice       what to try; empty if there is no advice
 * @param probes       number of further handshakes to find the cause
 * @param command      a command line that follows the advice, with which a handshake completes; empty if there is none
 */
public record Verdict(boolean completed, String sentence, Map<String, Double> phases, double clientMicros,
        Map<String, String> offered, Map<String, String> accepted, Optional<Advice> cause, Optional<Advice> advice,
        int probes,
        Optional<String> command) {
    private static final int FEW = 4;

    /** Returns the verdict based on this exchange alone. */
    public static Verdict of(Exchange exchange, ClientSettings settings) {
        var failure = exchange.failure();
        var cause = Optional.ofNullable(failure).map(_ -> Cause.of(exchange, settings));
        return new Verdict(failure == null, failure == null ? negotiated(exchange) : failed(exchange),
                phases(exchange), exchange.clientNanos() / 1e3, offered(exchange, settings), accepted(exchange),
                cause.map(Cause::sentence), cause.flatMap(Cause::advice), 0, Optional.empty());
    }

    /** Returns this verdict with a cause found by further handshakes. */
    Verdict with(Cause found, int handshakes) {
        return new Verdict(completed, sentence, phases, clientMicros, offered, accepted,
                Optional.of(found.sentence()), found.advice(), handshakes, command);
    }

    /** Returns this verdict with a command line that follows the advice and was tried successfully. */
    public Verdict with(String tried) {
        return new Verdict(completed, sentence, phases, clientMicros, offered, accepted, cause, advice, probes,
                Optional.of(tried));
    }

    private static String negotiated(Exchange exchange) {
        var sentence = new StringJoiner(", ");
        sentence.add((exchange.resumed() ? "resumed " : "full ")
                + Objects.requireNonNull(exchange.version()).label() + " handshake");
        accepted(exchange).forEach((name, value) -> {
            if (!name.equals("version")) {
                sentence.add(name.equals("ALPN") ? "ALPN " + value : value);
            }
        });
        return "completed: " + sentence
                + (exchange.offered() && !exchange.resumed()
                        ? "; the server declined the session that was offered"
                        : "")
                + outOfForce(exchange)
                + (closedInsteadOfAsking(exchange)
                        ? "; but the server closed the connection at once: it may not accept the client's certificate"
                                + (Cause.presentedCertificate(exchange) ? "" : ", as there is none")
                        : "");
    }

    /** Returns a note if the server's own certificate is not valid now, since it may not have been verified. */
    private static String outOfForce(Exchange exchange) {
        var now = Instant.now();
        return CertificateChain.of(exchange).leaf().map(leaf -> leaf.getNotAfter().toInstant().isBefore(now)
                ? "; but the server's certificate has expired: it was valid until " + leaf.getNotAfter().toInstant()
                : leaf.getNotBefore().toInstant().isAfter(now)
                        ? "; but the server's certificate is not valid before " + leaf.getNotBefore().toInstant()
                        : "")
                .orElse("");
    }

    /**
     * Whether the server closed the connection after it had requested a certificate: some reject the client's
     * certificate, or the lack of one, that way.
     */
    static boolean closedInsteadOfAsking(Exchange exchange) {
        return Cause.asksForCertificate(exchange) && serverClosedFirst(exchange);
    }

    static boolean serverClosedFirst(Exchange exchange) {
        for (var event : exchange.events()) {
            switch (event) {
                case Event.Closed closed -> {
                    return !closed.sent();
                }
                case Event.Record record when record.type() == ContentType.ALERT -> {
                    return !record.sent();
                }
                default -> {
                    // the handshake
                }
            }
        }
        return false;
    }

    private static String failed(Exchange exchange) {
        var failure = exchange.whyNot();
        var how = failure.stage() == Stage.CONNECT
                ? failure.cause().replace('_', ' ')
                : failure.sent()
                        ? "the client ended it with the alert " + failure.cause()
                        : switch (failure.cause()) {
                            case "connection_closed" -> "the server closed the connection (FIN) without an alert";
                            case "connection_reset" -> "the server reset the connection (RST) without an alert";
                            case "timeout" -> "the server fell silent";
                            default -> "the server ended it with the alert " + failure.cause();
                        };
        return "failed at " + failure.stage().label() + ": " + how;
    }

    /** Returns the microseconds between steps, in order. */
    private static Map<String, Double> phases(Exchange exchange) {
        var phases = new LinkedHashMap<String, Double>();
        var last = 0L;
        for (var event : exchange.events()) {
            if (event instanceof Event.Connected connected) {
                phases.put("connected", connected.nanos() / 1e3);
                last = connected.nanos();
            }
        }
        for (var mark : exchange.marks().entrySet().stream().sorted(Map.Entry.comparingByValue()).toList()) {
            phases.put(name(mark.getKey()), (mark.getValue() - last) / 1e3);
            last = mark.getValue();
        }
        return phases;
    }

    private static String name(Progress progress) {
        return switch (progress) {
            case HELLO_SENT -> "helloSent";
            case HELLO_RETRY_REQUEST -> "helloRetryRequest";
            case SERVER_HELLO -> "serverHello";
            case SERVER_FLIGHT_DONE -> "serverFlightDone";
            case KEY_EXCHANGE_SENT -> "keyExchangeSent";
            case FINISHED -> "finished";
            case TICKET -> "ticket";
            case FIRST_BYTE -> "firstByte";
        };
    }

    private static Map<String, String> offered(Exchange exchange, ClientSettings settings) {
        var offered = new LinkedHashMap<String, String>();
        var hello = exchange.message(true, ClientHello.class);
        if (hello == null) {
            return offered;
        }
        offered.put("versions", settings.versions().stream().map(ProtocolVersion::label)
                .collect(Collectors.joining(", ")));
        offered.put("suites", few(settings.suites().stream().map(Enum::name).toList()));
        offered.put("groups", few(settings.groups().stream().map(NamedGroup::label).toList()));
        offered.put("server name", settings.sni() == null ? "none" : settings.sni());
        if (!settings.alpn().isEmpty()) {
            offered.put("ALPN", String.join(", ", settings.alpn()));
        }
        offered.put("client certificate",
                settings.identity() == null ? "none" : settings.identity().keyAlgorithm());
        return offered;
    }

    static String few(List<String> names) {
        return names.size() <= FEW
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, FEW - 1)) + " and " + (names.size() - FEW + 1) + " more";
    }

    private static Map<String, String> accepted(Exchange exchange) {
        var accepted = new LinkedHashMap<String, String>();
        var hello = exchange.message(false, ServerHello.class);
        if (exchange.version() == null || exchange.suite() == null || hello == null) {
            return accepted;
        }
        accepted.put("version", exchange.version().label());
        accepted.put("suite", exchange.suite().name());
        if (exchange.group() != null) {
            accepted.put("group", exchange.group().label());
        }
        var signed = exchange.message(false, ServerKeyExchange.class);
        var verified = exchange.message(false, CertificateVerify.class);
        if (signed != null && signed.scheme() != ServerKeyExchange.NO_SCHEME) {
            accepted.put("signature", IanaNames.scheme(signed.scheme()));
        } else if (verified != null) {
            accepted.put("signature", IanaNames.scheme(verified.scheme()));
        }
        if (hello.extension(Extension.EXTENDED_MASTER_SECRET) != null) {
            accepted.put("master secret", "extended master secret");
        }
        if (hello.extension(Extension.ENCRYPT_THEN_MAC) != null) {
            accepted.put("record protection", "encrypt-then-MAC");
        }
        if (exchange.version() != ProtocolVersion.TLS_1_3) {
            accepted.put("renegotiation", hello.extension(Extension.RENEGOTIATION_INFO) != null
                    ? "secure renegotiation"
                    : "no secure renegotiation");
        }
        if (hello.compressionMethod() != 0) {
            accepted.put("compression", IanaNames.compression(hello.compressionMethod()) + " compression");
        }
        var alpn = alpn(exchange);
        if (alpn != null) {
            accepted.put("ALPN", Printable.of(alpn));
        }
        if (exchange.earlyData() != EarlyData.NOT_OFFERED) {
            accepted.put("early data", "early data " + exchange.earlyData().name().toLowerCase(Locale.ROOT));
        }
        if (Cause.asksForCertificate(exchange)) {
            accepted.put("client certificate", "asks for a client certificate");
        }
        return accepted;
    }

    /** Returns the application protocol that the server chose; {@code null} for none. */
    static @Nullable String alpn(Exchange exchange) {
        var hello = exchange.message(false, ServerHello.class);
        if (hello == null) {
            return null;
        }
        var encrypted = exchange.message(false, EncryptedExtensions.class);
        for (var extension : encrypted == null ? hello.extensions() : encrypted.extensions()) {
            if (extension.type() == Extension.ALPN) {
                try {
                    return extension.alpnChoice();
                } catch (Fault _) {
                    return null;
                }
            }
        }
        return null;
    }

    /** Returns the verdict as lines of text, with these names of settings. */
    public List<String> lines(Setting.Names names) {
        var lines = new ArrayList<String>();
        lines.add(sentence);
        if (!phases.isEmpty()) {
            var times = new StringJoiner(", ");
            phases.forEach((name, micros) -> times.add(name + " " + time(micros)));
            lines.add("time: " + times + "; of that the client's own work " + time(clientMicros));
        }
        if (!completed) {
            if (!offered.isEmpty()) {
                lines.add("the client offered: " + joined(offered));
                lines.add("the server accepted: " + (accepted.isEmpty() ? "nothing" : joined(accepted)));
            }
            cause.ifPresent(words -> lines
                    .add((probes == 0 ? "likely cause: " : "cause, as " + probes + " more handshakes showed: ")
                            + words.in(names)));
            advice.ifPresent(words -> lines.add("try: " + words.in(names)));
            command.ifPresent(line -> lines.add("which completes: " + line));
        }
        return lines;
    }

    private static String time(double micros) {
        return String.format(Locale.ROOT, micros < 10_000 ? "%.0f µs" : "%.1f ms",
                micros < 10_000 ? micros : micros / 1e3);
    }

    private static String joined(Map<String, String> named) {
        return named.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
