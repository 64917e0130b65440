package dev.shakedown.results;

import dev.shakedown.results.Setting.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What to do, or what is the matter, in words among which settings stand that nobody has named yet. Immutable.
 *
 * @param pieces in the order of the sentence
 */
public record Advice(List<Piece> pieces) {
    /** What a sentence consists of. */
    public sealed interface Piece permits Words, Value, Setting {}

    public record Words(String text) implements Piece {}

    /** @param value that the setting is to have */
    public record Value(Setting setting, String value) implements Piece {}

    public Advice {
        pieces = List.copyOf(pieces);
    }

    /** Words that name no setting. */
    public static Advice words(String text) {
        return new Advice(List.of(new Words(text)));
    }

    /**
     * Words with places for settings.
     *
     * @param template with {@code %s} for each; it holds nothing that others have said, which might look the same
     * @throws IllegalArgumentException if there are more places than settings, or fewer
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

    /** All of them, with words between. */
    public static Advice join(List<Advice> parts, String between) {
        return parts.stream().reduce((one, other) -> one.then(words(between)).then(other))
                .orElse(new Advice(List.of()));
    }

    /** This and then that. */
    public Advice then(Advice next) {
        var both = new ArrayList<>(pieces);
        both.addAll(next.pieces);
        return new Advice(both);
    }

    /** As a sentence for people who set things by these names. */
    public String in(Names names) {
        return pieces.stream().map(piece -> switch (piece) {
            case Words(var text) -> text;
            case Setting setting -> names.of(setting);
            case Value(var setting, var value) -> names.of(setting) + " " + value;
        }).collect(Collectors.joining());
    }

    /** With the settings' own names. */
    @Override
    public String toString() {
        return in(Names.OWN);
    }
}
