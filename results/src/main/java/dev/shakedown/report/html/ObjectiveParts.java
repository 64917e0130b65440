package dev.shakedown.report.html;

import dev.shakedown.report.ObjectiveWords;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.RunResult;
import java.util.List;

/** What became of what was required of a run. */
final class ObjectiveParts {
    private ObjectiveParts() {}

    /** A table of its terms; nothing where nothing was required. */
    static List<Part> of(RunResult result) {
        var rows = result.rows().objective().stream().map(term -> List.of(term.name(), ObjectiveWords.limit(term),
                ObjectiveWords.measured(term),
                term.held() ? ObjectiveWords.HELD + " held" : ObjectiveWords.MISSED + " missed")).toList();
        return rows.isEmpty()
                ? List.of()
                : List.of(new Table("What was required of this run, and what became of it.",
                        List.of("term", "limit", "measured", "verdict"), rows));
    }
}
