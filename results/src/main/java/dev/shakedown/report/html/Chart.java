package dev.shakedown.report.html;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.shakedown.report.Units;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A chart, and the table that it is drawn from.
 *
 * @param name    of its CSV file, without the extension; characters but letters, digits, dots and hyphens are replaced
 * @param caption what the chart shows
 * @param series  the names of the columns after the first
 * @param rows    in the order of x
 * @param looks   of the series
 * @param guides  lines and spans that belong to no series
 */
public record Chart(String name, String title, String caption, Form form, Axis x, Axis y, List<String> series,
        List<Row> rows, List<SeriesStyle> looks, List<Guide> guides) implements Page.Part {
    private static final int LONGEST_NAME = 100;

    public Chart {
        name = name.replaceAll("[^A-Za-z0-9.-]+", "-").replaceFirst("^[.-]+", "");
        name = name.isEmpty() ? "chart" : name.substring(0, Math.min(LONGEST_NAME, name.length()));
        if (y.scale == Scale.LOG && (form == Form.BARS || form == Form.STACKED_BARS)) {
            throw new IllegalArgumentException("bars begin at zero, which a logarithmic axis does not have");
        }
    }

    /** Makes a chart without guides, whose series look as their names imply. */
    public Chart(String name, String title, String caption, Form form, Axis x, Axis y, List<String> series,
            List<Row> rows) {
        this(name, title, caption, form, x, y, series, rows, SeriesStyle.of(series), List.of());
    }

    Chart named(String other) {
        return new Chart(other, title, caption, form, x, y, series, rows, looks, guides);
    }

    Chart looking(List<SeriesStyle> other) {
        return new Chart(name, title, caption, form, x, y, series, rows, other, guides);
    }

    Chart guided(List<Guide> more) {
        return new Chart(name, title, caption, form, x, y, series, rows, looks, more);
    }

    public enum Form {
        LINE,
        POINTS,
        BARS,
        STACKED_BARS,
        /** Each group of three columns is a value and the lower and upper end of its interval. */
        INTERVALS
    }

    /**
     * A line or span to compare series with.
     *
     * @param label its text; empty for none
     * @param from  where it lies, or begins
     * @param to    where it ends
     */
    public record Guide(Kind kind, String label, double from, double to) {
        public enum Kind {
            /** A line at a value of y. */
            LEVEL,
            /** A line at a value of x. */
            PLACE,
            /** The area between two values of x. */
            SPAN
        }

        static Guide level(String label, double value) {
            return new Guide(Kind.LEVEL, label, value, value);
        }

        static Guide place(String label, double x) {
            return new Guide(Kind.PLACE, label, x, x);
        }

        static Guide span(String label, double from, double to) {
            return new Guide(Kind.SPAN, label, from, to);
        }
    }

    /** How numbers are spread along an axis. */
    public enum Scale {
        /** Evenly. */
        LINEAR,
        /** By their logarithms. */
        LOG,
        /** Percentiles, by the logarithm of what remains to 100 %: each nine takes the same room. */
        PERCENTILE,
        /** No numbers: each row has a name. */
        NAMES
    }

    /** The unit of an axis. */
    public enum Unit {
        NUMBER,
        MICROS,
        /** Microseconds that no histogram rounded. */
        @JsonProperty("MICROS")
        EXACT_MICROS,
        SECONDS;

        /** Returns the unit as it follows a column's name. */
        String suffix() {
            return switch (this) {
                case NUMBER -> "";
                case MICROS, EXACT_MICROS -> " µs";
                case SECONDS -> " s";
            };
        }

        /** Returns a number as people read it; a dash for {@code null}. */
        String text(@Nullable Double value) {
            return switch (this) {
                case MICROS -> Units.time(value);
                case EXACT_MICROS -> Units.exactTime(value);
                case NUMBER, SECONDS -> value == null ? Units.NONE : plain(value);
            };
        }
    }

    public record Axis(String label, Scale scale, Unit unit) {}

    /**
     * One row of the table.
     *
     * @param name   on an axis of names; else {@code null}
     * @param x      on any other axis
     * @param values one for each series; {@code null} where it has none, or none that is finite
     */
    public record Row(@Nullable String name, double x, List<@Nullable Double> values) {
        public Row {
            values = values.stream().map(value -> value == null || !Double.isFinite(value) ? null : value).toList();
        }

        public static Row of(String name, List<@Nullable Double> values) {
            return new Row(name, 0, values);
        }
    }

    /** Joins columns of values by x into rows. */
    static List<Row> rows(List<Map<Double, Double>> columns) {
        var all = new TreeMap<Double, List<Double>>();
        for (var column : columns) {
            column.keySet().forEach(x -> all.computeIfAbsent(x, _ -> new ArrayList<>()));
        }
        all.forEach((x, values) -> columns.forEach(column -> values.add(column.get(x))));
        return all.entrySet().stream().map(row -> new Row(null, row.getKey(), row.getValue())).toList();
    }

    /** Returns the headings of the table's columns. */
    List<String> columns() {
        var columns = new ArrayList<String>();
        columns.add(x.label);
        series.forEach(name -> columns.add(name));
        return columns;
    }

    /** Returns the table as comma-separated values (RFC 4180), with units in its header. */
    public String csv() {
        var text = new StringBuilder();
        text.append(quoted(x.label + x.unit.suffix()));
        series.forEach(name -> text.append(',').append(quoted(name + y.unit.suffix())));
        text.append("\r\n");
        for (var row : rows) {
            text.append(row.name == null ? plain(row.x) : quoted(row.name));
            row.values.forEach(value -> text.append(',').append(value == null ? "" : plain(value)));
            text.append("\r\n");
        }
        return text.toString();
    }

    /** Returns up to six decimals, without trailing zeros. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP).stripTrailingZeros()
                .toPlainString();
    }

    private static String quoted(String text) {
        return text.matches(".*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
