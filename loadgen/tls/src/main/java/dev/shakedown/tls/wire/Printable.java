package dev.shakedown.tls.wire;

/** What a peer says, made fit for a terminal: it can neither move the cursor nor turn the direction of what follows. */
public final class Printable {
    private Printable() {}

    /**
     * The same text with everything escaped, as {@code \}{@code u001b}, that is not for the eye: control characters of
     * both sets, marks that turn the direction of writing, characters that cannot be seen, line and paragraph
     * separators, and halves of characters.
     */
    public static String of(String text) {
        if (text.codePoints().allMatch(Printable::isForTheEye)) {
            return text;
        }
        var printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isForTheEye(point)) {
                printable.appendCodePoint(point);
            } else {
                printable.append(point > 0xffff ? "\\U%08x".formatted(point) : "\\u%04x".formatted(point));
            }
        });
        return printable.toString();
    }

    private static boolean isForTheEye(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED ->
                false;
            default -> true;
        };
    }
}
