package dev.shakedown.tls.client;

import java.util.regex.Pattern;

/** The messages of Java's exceptions, without class names, which tell a user nothing. */
final class ExceptionText {
    private static final Pattern CLASS_NAME = Pattern
            .compile("\\b(?:\\p{Lower}[\\w$]*\\.)+\\p{Upper}[\\w$]*(?::\\s*)?");

    /** Names Java's algorithm (RFC 5280, 6), which tells a user just as little. */
    private static final Pattern PKIX = Pattern.compile("PKIX path (?:building|validation) failed:\\s*");

    private ExceptionText() {}

    /** Returns the first message of {@code e} or its causes that is not empty. */
    static String reason(Throwable e) {
        for (var each = e; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                var said = CLASS_NAME.matcher(PKIX.matcher(each.getMessage()).replaceAll("")).replaceAll("").strip();
                if (!said.isEmpty()) {
                    return said;
                }
            }
        }
        return "Java gives no reason";
    }
}
