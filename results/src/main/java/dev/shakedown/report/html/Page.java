package dev.shakedown.report.html;

import java.util.List;

/**
 * What a report shows, whatever was measured.
 *
 * @param title    what was measured
 * @param verdict  what came of it, in a sentence
 * @param warnings why one should think twice before believing it; most often none
 */
public record Page(String title, String verdict, List<String> warnings, List<Section> sections) {

    public record Section(String title, List<Part> parts) {}

    /** What a section consists of. */
    public sealed interface Part permits Chart, Table, Text, Folded {}

    /** Rows of cells; the first of each row is its heading. */
    public record Table(String caption, List<String> columns, List<List<String>> rows) implements Part {}

    /** A paragraph. */
    public record Text(String words) implements Part {}

    /** Lines as they are, behind a title that opens them. */
    public record Folded(String title, String lines) implements Part {}
}
