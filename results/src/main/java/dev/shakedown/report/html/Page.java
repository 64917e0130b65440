package dev.shakedown.report.html;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows, whatever was measured.
 *
 * @param title    what was measured
 * @param verdict  what came of it, in a sentence
 * @param client   how the client did its part; {@code null} where there was none
 * @param warnings why one should think twice before believing it; most often none
 * @param strip    the figures that are looked for first
 * @param sections whose charts get names of their own where several have the same
 */
public record Page(String title, String verdict, @Nullable String client, List<String> warnings, List<Fact> strip,
        List<Section> sections) {
    /** A name, and what it stands for here. */
    public record Fact(String name, String value) {}

    /** A page without such figures. */
    public Page(String title, String verdict, @Nullable String client, List<String> warnings, List<Section> sections) {
        this(title, verdict, client, warnings, List.of(), sections);
    }

    public Page {
        // Some file systems take no notice of case.
        var taken = new HashSet<String>();
        sections = sections.stream().map(section -> new Section(section.title,
                section.parts.stream().map(part -> part instanceof Chart chart ? unique(chart, taken) : part).toList()))
                .toList();
    }

    private static Chart unique(Chart chart, Set<String> taken) {
        var name = chart.name();
        for (var i = 2; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
            name = chart.name() + "-" + i;
        }
        return chart.named(name);
    }

    public record Section(String title, List<Part> parts) {}

    /** What a section consists of. */
    public sealed interface Part permits Chart, Table, Text, Folded {}

    /**
     * Rows of cells; the first of each row is its heading.
     *
     * @param columns their headings; empty for a list of names with what they stand for
     */
    public record Table(String caption, List<String> columns, List<List<String>> rows) implements Part {
        public Table {
            if (caption.isBlank() || columns.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("a table and its columns have names: who hears them needs those");
            }
        }
    }

    /** A paragraph. */
    public record Text(String words) implements Part {}

    /** Lines as they are, behind a title that opens them. */
    public record Folded(String title, String lines) implements Part {}
}
