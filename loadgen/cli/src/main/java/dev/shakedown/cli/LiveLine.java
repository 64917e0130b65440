package dev.shakedown.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** One line of parts, of which the least needed give way where it would be wider than the terminal. */
final class LiveLine {
    private static final String BETWEEN = "  ";
    private static final int BAR = 16;

    /** @param need the greater, the longer it stays */
    private record Part(String words, int need) {}

    private final List<Part> parts = new ArrayList<>();

    /** Adds a part, unless it says nothing. */
    LiveLine and(int need, String words) {
        if (!words.isBlank()) {
            parts.add(new Part(words, need));
        }
        return this;
    }

    /** Adds a bar, of which this share is done, 0 to 1. */
    LiveLine bar(int need, double share) {
        var done = (int) Math.round(BAR * Math.clamp(share, 0, 1));
        return and(need, "█".repeat(done) + "░".repeat(BAR - done));
    }

    /** The line, all of it. */
    String whole() {
        return text(parts);
    }

    /** As much of it as has room in so many columns. */
    String within(int columns) {
        var left = new ArrayList<>(parts);
        while (left.size() > 1 && text(left).length() > columns) {
            left.remove(left.stream().min(Comparator.comparingInt(Part::need)).orElseThrow());
        }
        return cut(text(left), columns);
    }

    /** What has no room is cut, which is seen. */
    static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "…";
    }

    private static String text(List<Part> parts) {
        return parts.stream().map(Part::words).collect(Collectors.joining(BETWEEN));
    }
}
