// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The columns of figures left of a plan's tree: only those for which the plan has figures. */
final class PlanFigures {
    private static final int BAR = 10;
    private static final String GAP = "  ";

    private record Column(String heading, int width, Function<PlanNode, String> figure) {
        String cell(String text) {
            return " ".repeat(Math.max(0, width - text.length())) + text;
        }
    }

    private final List<Column> columns = new ArrayList<>();

    PlanFigures(Plan plan, PlanTimes times) {
        if (times.known()) {
            columns.add(new Column("time", BAR + 5, node -> share(times, node)));
            columns.add(new Column("own ms", 10, node -> own(times, node)));
        }
        if (plan.analyzed()) {
            columns.add(new Column("rows", 7, PlanFigures::rows));
        }
        if (plan.root().estimate() != null) {
            columns.add(new Column("planned", 7, PlanFigures::planned));
        }
        if (plan.analyzed()) {
            columns.add(new Column("loops", 6, PlanFigures::loops));
        } else if (plan.root().estimate() != null) {
            columns.add(new Column("cost", 10, PlanFigures::cost));
        }
    }

    String heading() {
        return line(Column::heading);
    }

    String of(PlanNode node) {
        return line(column -> column.figure().apply(node));
    }

    String blank() {
        return line(_ -> "");
    }

    private String line(Function<Column, String> text) {
        var line = new StringBuilder();
        columns.forEach(column -> line.append(column.cell(text.apply(column))).append(GAP));
        return line.toString();
    }

    private static String share(PlanTimes times, PlanNode node) {
        if (!node.executed()) {
            return "";
        }
        double share = times.share(node);
        String bar = "█".repeat((int) Math.round(share * BAR));
        return "%-10s %3d%%".formatted(bar, Math.round(share * 100));
    }

    private static String own(PlanTimes times, PlanNode node) {
        return node.executed() ? millis(times.exclusiveMillis(node)) : "";
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10_000 ? "%.3f" : "%.0f", millis);
    }

    private static String rows(PlanNode node) {
        Actual actual = node.actual();
        if (actual == null) {
            return "";
        }
        return actual.loops() > 0 ? count(actual.rows()) : "never";
    }

    private static String planned(PlanNode node) {
        Estimate estimate = node.estimate();
        return estimate == null ? "" : count(estimate.rows());
    }

    private static String loops(PlanNode node) {
        Actual actual = node.actual();
        return actual == null || actual.loops() <= 0 ? "" : count(actual.loops());
    }

    private static String cost(PlanNode node) {
        Estimate estimate = node.estimate();
        return estimate == null ? "" : count(estimate.totalCost());
    }

    /** In at most six characters up to 10^15. */
    static String count(double count) {
        if (count < 100_000) {
            boolean whole = count == Math.rint(count) || count >= 1_000;
            return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", count);
        }
        double scaled = count;
        for (String unit : List.of("k", "M", "G", "T")) {
            scaled /= 1_000;
            if (scaled < 999.5) {
                return String.format(Locale.ROOT, scaled < 99.95 ? "%.1f" : "%.0f", scaled) + unit;
            }
        }
        return String.format(Locale.ROOT, "%.0e", count);
    }
}
