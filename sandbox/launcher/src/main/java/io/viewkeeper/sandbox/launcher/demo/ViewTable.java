// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The table of views as lines of text. */
final class ViewTable {
    private static final List<String> HEADINGS =
            List.of("view", "group", "data is", "last method", "duration", "rows changed", "next due");
    /** The first columns are words, the others amounts, which stand to the right. */
    private static final List<Boolean> IS_AMOUNT = List.of(false, false, true, false, true, true, true);

    private static final String UNKNOWN = "-";

    private ViewTable() {}

    /** One line for each view, in the order given, below two of headings; remarks are shown at the end of the line. */
    static List<String> render(List<ViewRow> rows, Instant now) {
        var cells = new ArrayList<List<String>>();
        cells.add(HEADINGS);
        rows.forEach(row -> cells.add(cellsOf(row, now)));
        var widths = new int[HEADINGS.size()];
        for (var line : cells) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        var lines = new ArrayList<String>();
        lines.add(join(cells.getFirst(), widths));
        lines.add("-".repeat(lines.getFirst().length()));
        for (int row = 0; row < rows.size(); row++) {
            var remark = rows.get(row).remark();
            lines.add(join(cells.get(row + 1), widths) + (remark == null ? "" : "  " + firstLine(remark)));
        }
        return lines;
    }

    private static List<String> cellsOf(ViewRow row, Instant now) {
        return List.of(
                row.view().name(),
                Objects.requireNonNullElse(row.group(), UNKNOWN),
                row.dataAsOf() == null ? UNKNOWN : words(Duration.between(row.dataAsOf(), now)) + " old",
                Objects.requireNonNullElse(row.lastMethod(), UNKNOWN),
                row.lastDuration() == null ? UNKNOWN : milliseconds(row.lastDuration()),
                row.rowsChanged() == null ? UNKNOWN : "%,d".formatted(row.rowsChanged()),
                due(row.nextDueAt(), now));
    }

    private static String due(@Nullable Instant nextDueAt, Instant now) {
        if (nextDueAt == null) {
            return UNKNOWN;
        }
        var left = Duration.between(now, nextDueAt);
        return left.isNegative() || left.isZero() ? "now" : "in " + words(left);
    }

    /** A duration in its two largest units. */
    static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d m %02d s".formatted(seconds / 60, seconds % 60);
        }
        return "%d h %02d m".formatted(seconds / 3600, seconds / 60 % 60);
    }

    private static String milliseconds(Duration duration) {
        return "%,d ms".formatted(duration.toMillis());
    }

    private static String join(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            var padding = " ".repeat(widths[column] - cells.get(column).length());
            line.append(column == 0 ? "" : "  ");
            line.append(IS_AMOUNT.get(column) ? padding + cells.get(column) : cells.get(column) + padding);
        }
        return line.toString().stripTrailing();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
