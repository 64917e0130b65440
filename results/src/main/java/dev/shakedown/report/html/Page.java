package dev.shakedown.report.html;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content of a report's page, whatever was measured.
 *
 * @param title    what was measured
 * @param verdict  the findings, in a sentence or more
 * @param client   describes the client; {@code null} where there was none
 * @param warnings reasons to doubt the findings; mostly none
 * @param strip    what readers look for first
 * @param sections of the page; charts of the same name are renamed to differ
 */
public record Page(String title, String verdict, @Nullable String client, List<String> warnings, List<Fact> strip,
        List<Section> sections) {
    /** A name and its value. */
    public record Fact(String name, String value) {}

    /** Makes a page without a strip of facts. */
    public Page(String title, String verdict, @Nullable String client, List<String> warnings, List<Section> sections) {
        this(title, verdict, client, warnings, List.of(), sections);
    }

    public Page {
        // Some file systems ignore case.
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

    /** A part of a section. */
    public sealed interface Part permits Chart, Table, Text, Folded {}

    /**
     * A table; the first cell of each row is its heading.
     *
     * @param columns headings of the columns; empty for a list of names and values
     */
    public record Table(String caption, List<String> columns, List<List<String>> rows) implements Part {
        public Table {
            if (caption.isBlank() || columns.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("a table and its columns need names, for screen readers");
            }
        }
    }

    /** A paragraph. */
    public record Text(String words) implements Part {}

    /** Preformatted lines, hidden until their title is clicked. */
    public record Folded(String title, String lines) implements Part {}
}
