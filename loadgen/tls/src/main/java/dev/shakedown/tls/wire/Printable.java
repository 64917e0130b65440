package dev.shakedown.tls.wire;

/** Makes a peer's text safe for a terminal: it can neither move the cursor nor change the direction of what follows. */
public final class Printable {
    private Printable() {}

    /**
     * Returns the text with everything unprintable escaped, as {@code \}{@code u001b}: control characters of both sets,
     * direction marks, invisible characters, line and paragraph separators, and unpaired surrogates.
     */
    public static String of(String text) {
        if (text.codePoints().allMatch(Printable::isPrintable)) {
            return text;
        }
        var printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isPrintable(point)) {
                printable.appendCodePoint(point);
            } else {
                printable.append(point > 0xffff ? "\\U%08x".formatted(point) : "\\u%04x".formatted(point));
            }
        });
        return printable.toString();
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED ->
                false;
            default -> true;
        };
    }
}
