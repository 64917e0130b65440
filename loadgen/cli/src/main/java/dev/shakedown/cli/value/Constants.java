package dev.shakedown.cli.value;

import dev.shakedown.net.socket.Transport;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.value.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads values that are one of a few words. */
final class Constants {
    private Constants() {}

    /** Returns the constant of this name; case, hyphens and underscores do not count. */
    static Object read(Class<?> type, String text) {
        var plain = plain(text);
        return Arrays.stream(type.getEnumConstants()).filter(constant -> plain(constant.toString()).equals(plain))
                .findFirst().orElseThrow(() -> {
                    var labels = labels(type);
                    return new IllegalArgumentException("'" + text + "' is not one of " + String.join(", ", labels)
                            + Suggestion.among(text, labels));
                });
    }

    static List<String> labels(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(constant -> constant instanceof Transport transport
                ? transport.label()
                : RunPlan.label((Enum<?>) constant)).toList();
    }

    private static String plain(String text) {
        return text.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }
}
