package dev.shakedown.results;

import dev.shakedown.results.Setting.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Advice, or the description of a problem: text that refers to settings whose names are filled in later. Immutable.
 *
 * @param pieces in the order of the sentence
 */
public record Advice(List<Piece> pieces) {
    /** A piece of the sentence. */
    public sealed interface Piece permits Words, Value, Setting {}

    public record Words(String text) implements Piece {}

    /** @param value the value to give the setting */
    public record Value(Setting setting, String value) implements Piece {}

    public Advice {
        pieces = List.copyOf(pieces);
    }

    /** Returns advice that names no setting. */
    public static Advice words(String text) {
        return new Advice(List.of(new Words(text)));
    }

    /**
     * Returns advice with settings filled into a template.
     *
     * @param template with {@code %s} for each setting; it must not contain foreign text, which might contain one too
     * @throws IllegalArgumentException if the number of places is not that of the settings
     */
    public static Advice of(String template, Piece... settings) {
        var words = template.split("%s", -1);
        if (words.length != settings.length + 1) {
            throw new IllegalArgumentException(settings.length + " settings for '" + template + "'");
        }
        var pieces = new ArrayList<Piece>();
        for (var at = 0; at < words.length; at++) {
            if (!words[at].isEmpty()) {
                pieces.add(new Words(words[at]));
            }
            if (at < settings.length) {
                pieces.add(settings[at]);
            }
        }
        return new Advice(pieces);
    }

    /** Joins advice, with the words {@code between} in between. */
    public static Advice join(List<Advice> parts, String between) {
        return parts.stream().reduce((one, other) -> one.then(words(between)).then(other))
                .orElse(new Advice(List.of()));
    }

    /** Returns this advice followed by another. */
    public Advice then(Advice next) {
        var both = new ArrayList<>(pieces);
        both.addAll(next.pieces);
        return new Advice(both);
    }

    /** Returns the sentence, with settings called by these names. */
    public String in(Names names) {
        return pieces.stream().map(piece -> switch (piece) {
            case Words(var text) -> text;
            case Setting setting -> names.of(setting);
            case Value(var setting, var value) -> names.of(setting) + " " + value;
        }).collect(Collectors.joining());
    }

    /** Returns the sentence, with the settings' own names. */
    @Override
    public String toString() {
        return in(Names.OWN);
    }
}
