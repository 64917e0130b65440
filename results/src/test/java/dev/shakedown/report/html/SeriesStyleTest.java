package dev.shakedown.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.report.html.SeriesStyle.Line;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeriesStyleTest {
    /** WCAG 2.2, 1.4.3 (AA). */
    private static final double LEAST_CONTRAST = 4.5;
    private static final List<String> SCHEMES = Pattern.compile(":root[^{]*\\{([^}]*)}").matcher(
            HtmlPage.resource("page.css")).results().map(match -> match.group(1)).toList();

    private static List<String> hues(String... series) {
        return SeriesStyle.of(List.of(series)).stream().map(SeriesStyle::hue).toList();
    }

    @Test
    void aKindHasItsHueWhateverIsToldOfIt() {
        var full = SeriesStyle.hue(Kind.FULL);
        var resumed = SeriesStyle.hue(Kind.RESUMED);
        assertEquals(List.of(full, full, resumed, resumed),
                hues("full p50", "full p99", "resumed p50", "resumed p99"));
        assertEquals(List.of(resumed), hues("resumed"));
        assertEquals(List.of(Line.SOLID, Line.DASHED, Line.DOTTED),
                SeriesStyle.of(List.of("full p50", "full p99", "full service")).stream().map(SeriesStyle::line)
                        .toList());
        // A name that only begins like a known one is not known.
        assertTrue(!hues("fullness").contains(full));
    }

    /** Hues stay the same in a run that lacks some phases. */
    @Test
    void aPhaseHasItsHueWhateverOthersThereAre() {
        var phases = Stream.of(Mark.values()).filter(mark -> mark != Mark.PLANNED && mark.compareTo(
                Mark.FINISHED) <= 0).map(Mark::label).toArray(String[]::new);
        var hues = hues(phases);
        assertEquals(hues.size(), new HashSet<>(hues).size(), hues::toString);
        for (var i = 0; i < phases.length; i++) {
            assertEquals(List.of(hues.get(i)), hues(phases[i]));
        }
    }

    @Test
    void manyBenchmarksDifferInHueOrLine() {
        var looks = SeriesStyle.of(IntStream.range(0, 18).mapToObj(i -> "Key.derive " + i).toList());
        assertEquals(18, looks.stream().map(look -> look.hue() + look.line()).distinct().count());
        assertTrue(looks.stream().noneMatch(look -> look.hue().equals(SeriesStyle.hue(Kind.FULL))
                || look.hue().equals(SeriesStyle.hue(Kind.RESUMED))));
    }

    /** On the page, and on the panels of charts. */
    @Test
    void everyColourCanBeReadInBothSchemes() {
        assertEquals(2, SCHEMES.size());
        for (var scheme : SCHEMES) {
            var colours = Pattern.compile("--([a-z0-9-]+): (#[0-9a-f]{6});").matcher(scheme).results()
                    .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
            var read = colours.keySet().stream().filter(name -> name.matches("ink|soft|link|s\\d|phase\\d")).toList();
            assertEquals(19, read.size(), read::toString);
            read.forEach(name -> {
                assertContrast(colours, name, "ground");
                assertContrast(colours, name, "panel");
            });
            assertContrast(colours, "warn-ink", "warn-ground");
        }
    }

    private static void assertContrast(Map<String, String> colours, String front, String back) {
        var one = luminance(colours.get(front));
        var other = luminance(colours.get(back));
        var contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        assertTrue(contrast >= LEAST_CONTRAST, () -> front + " on " + back + ": " + contrast);
    }

    /** WCAG 2.2, "relative luminance". */
    private static double luminance(String colour) {
        var rgb = Integer.parseInt(colour.substring(1), 16);
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int part) {
        var share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
