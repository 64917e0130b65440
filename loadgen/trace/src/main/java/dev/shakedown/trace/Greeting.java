package dev.shakedown.trace;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What a server says that speaks something else than TLS, and what to try there. */
final class Greeting {
    private static final int MYSQL_PROTOCOL = 10;

    private Greeting() {}

    /** What it said that is no record, in one piece; empty if there is nothing. */
    private static Optional<byte[]> said(Exchange exchange) {
        return exchange.events().stream().filter(Event.Remains.class::isInstance)
                .map(event -> ((Event.Remains) event).bytes()).findFirst();
    }

    /** Whether it begins like a record of TLS: an alert, or a handshake message. */
    static boolean isTls(Exchange exchange) {
        return said(exchange).filter(bytes -> bytes.length > 1 && (bytes[0] == 21 || bytes[0] == 22) && bytes[1] == 3)
                .isPresent();
    }

    /** Empty where it tells nothing. */
    static Optional<String> advice(Exchange exchange) {
        return said(exchange).flatMap(Greeting::advice);
    }

    static Optional<String> advice(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var words = text.toLowerCase(Locale.ROOT);
        if (words.startsWith("220")) {
            return Optional.of(words.contains("ftp")
                    ? "--starttls ftp"
                    : words.contains("smtp") ? "--starttls smtp" : "--starttls smtp or --starttls ftp");
        }
        if (words.matches("(?s)[45]\\d\\d[ -].*")) {
            return Optional.of("--starttls smtp or --starttls ftp, once the server no longer turns clients away");
        }
        if (words.startsWith("+ok")) {
            return Optional.of("--starttls pop3");
        }
        if (words.startsWith("* ok") || words.startsWith("* preauth")) {
            return Optional.of("--starttls imap");
        }
        if (words.startsWith("<?xml") || words.startsWith("<stream")) {
            return Optional.of("--starttls xmpp");
        }
        if (bytes.length > 4 && bytes[3] == 0 && bytes[4] == MYSQL_PROTOCOL) {
            return Optional.of("--starttls mysql");
        }
        if (bytes.length > 1 && bytes[0] == 'E' && bytes[1] == 0) {
            return Optional.of("--starttls postgres");
        }
        return words.startsWith("http/")
                ? Optional.of("a port where the server speaks HTTP over TLS: here it speaks HTTP alone")
                : words.startsWith("ssh-")
                        ? Optional.of("a port where the server speaks TLS: here it speaks SSH")
                        : Optional.empty();
    }
}
