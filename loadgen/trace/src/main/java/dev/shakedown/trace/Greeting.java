package dev.shakedown.trace;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Recognises the first message of a server that does not speak TLS, and suggests what to try. */
final class Greeting {
    private static final int MYSQL_PROTOCOL = 10;

    private static final Advice SMTP_OR_FTP = Advice.of("%s or %s", Setting.STARTTLS.to("smtp"),
            Setting.STARTTLS.to("ftp"));

    private Greeting() {}

    /** Returns the first bytes that are not a record; empty if there are none. */
    private static Optional<byte[]> said(Exchange exchange) {
        return exchange.events().stream().filter(Event.Remains.class::isInstance)
                .map(event -> ((Event.Remains) event).bytes()).findFirst();
    }

    /** Whether it begins like a TLS record with an alert or a handshake message. */
    static boolean isTls(Exchange exchange) {
        return said(exchange).filter(bytes -> bytes.length > 1 && (bytes[0] == 21 || bytes[0] == 22) && bytes[1] == 3)
                .isPresent();
    }

    /** Returns what to try; empty if the protocol is not recognised. */
    static Optional<Advice> advice(Exchange exchange) {
        return said(exchange).flatMap(Greeting::advice);
    }

    static Optional<Advice> advice(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var words = text.toLowerCase(Locale.ROOT);
        if (words.startsWith("220")) {
            return words.contains("ftp")
                    ? starttls("ftp")
                    : words.contains("smtp") ? starttls("smtp") : Optional.of(SMTP_OR_FTP);
        }
        if (words.matches("(?s)[45]\\d\\d[ -].*")) {
            return Optional
                    .of(SMTP_OR_FTP.then(Advice.words(", once the server no longer turns clients away")));
        }
        if (words.startsWith("+ok")) {
            return starttls("pop3");
        }
        if (words.startsWith("* ok") || words.startsWith("* preauth")) {
            return starttls("imap");
        }
        if (words.startsWith("<?xml") || words.startsWith("<stream")) {
            return starttls("xmpp");
        }
        if (bytes.length > 4 && bytes[3] == 0 && bytes[4] == MYSQL_PROTOCOL) {
            return starttls("mysql");
        }
        if (bytes.length > 1 && bytes[0] == 'E' && bytes[1] == 0) {
            return starttls("postgres");
        }
        return words.startsWith("http/")
                ? Optional.of(Advice.words("a port where the server speaks HTTP over TLS: here it speaks HTTP alone"))
                : words.startsWith("ssh-")
                        ? Optional.of(Advice.words("a port where the server speaks TLS: here it speaks SSH"))
                        : Optional.empty();
    }

    private static Optional<Advice> starttls(String protocol) {
        return Optional.of(Advice.of("%s", Setting.STARTTLS.to(protocol)));
    }
}
