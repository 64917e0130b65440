package dev.shakedown.tls.client;

import java.util.regex.Pattern;

/** What Java says of an exception, without the names of its classes, which tell a user nothing. */
final class ExceptionText {
    private static final Pattern CLASS_NAME = Pattern
            .compile("\\b(?:\\p{Lower}[\\w$]*\\.)+\\p{Upper}[\\w$]*(?::\\s*)?");

    /** Names an algorithm of Java (RFC 5280, 6), which tells a user as little. */
    private static final Pattern PKIX = Pattern.compile("PKIX path (?:building|validation) failed:\\s*");

    private ExceptionText() {}

    /** The first message of {@code e} or of what caused it that says something. */
    static String reason(Throwable e) {
        for (var each = e; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                var said = CLASS_NAME.matcher(PKIX.matcher(each.getMessage()).replaceAll("")).replaceAll("").strip();
                if (!said.isEmpty()) {
                    return said;
                }
            }
        }
        return "Java does not say why";
    }
}
