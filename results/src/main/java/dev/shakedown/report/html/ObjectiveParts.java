package dev.shakedown.report.html;

import dev.shakedown.report.ObjectiveWords;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.RunResult;
import java.util.List;

/** The objective of a run, and whether it held. */
final class ObjectiveParts {
    private ObjectiveParts() {}

    /** Returns a table of the objective's terms; nothing where there is no objective. */
    static List<Part> of(RunResult result) {
        var rows = result.rows().objective().stream().map(term -> List.of(term.name(), ObjectiveWords.limit(term),
                ObjectiveWords.measured(term),
                term.held() ? ObjectiveWords.HELD + " held" : ObjectiveWords.MISSED + " missed")).toList();
        return rows.isEmpty()
                ? List.of()
                : List.of(new Table("The objective of this run, and whether it held.",
                        List.of("term", "limit", "measured", "verdict"), rows));
    }
}
