package dev.shakedown.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A line of parts, of which the least important are left out where the line would be wider than the terminal. */
final class LiveLine {
    private static final String BETWEEN = "  ";
    private static final int BAR = 16;

    /** @param priority parts with the greatest priority stay longest */
    private record Part(String words, int priority) {}

    private final List<Part> parts = new ArrayList<>();

    /** Adds a part, unless it is blank. */
    LiveLine and(int priority, String words) {
        if (!words.isBlank()) {
            parts.add(new Part(words, priority));
        }
        return this;
    }

    /** Adds a bar that shows the share done, 0 to 1. */
    LiveLine bar(int priority, double share) {
        var done = (int) Math.round(BAR * Math.clamp(share, 0, 1));
        return and(priority, "█".repeat(done) + "░".repeat(BAR - done));
    }

    /** Returns the whole line. */
    String whole() {
        return text(parts);
    }

    /** Returns as much of the line as fits into this many columns. */
    String within(int columns) {
        var left = new ArrayList<>(parts);
        while (left.size() > 1 && text(left).length() > columns) {
            left.remove(left.stream().min(Comparator.comparingInt(Part::priority)).orElseThrow());
        }
        return cut(text(left), columns);
    }

    /** Cuts a line to this many columns; an ellipsis shows where. */
    static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "…";
    }

    private static String text(List<Part> parts) {
        return parts.stream().map(Part::words).collect(Collectors.joining(BETWEEN));
    }
}
