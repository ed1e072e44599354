// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plan for a terminal: one line a node with its share of the time, its own milliseconds, and rows of one loop, actual and
 * planned; its conditions below. No line is wider than 120 columns, and nothing of a name can move the cursor.
 */
public final class PlanText {
    private static final int WIDTH = 120;
    /** Deeper nodes are not moved further to the right. */
    private static final int DEEPEST_INDENT = 20;

    private final Plan plan;
    private final Function<PlanNode, List<String>> remarks;
    private final PlanFigures figures;
    private final List<String> lines = new ArrayList<>();

    private PlanText(Plan plan, Function<PlanNode, List<String>> remarks) {
        this.plan = plan;
        this.remarks = remarks;
        this.figures = new PlanFigures(plan, PlanTimes.of(plan));
    }

    public static String of(Plan plan) {
        return of(plan, _ -> List.of());
    }

    /** @param remarks what is to be said of a node, one text each; printed under it */
    public static String of(Plan plan, Function<PlanNode, List<String>> remarks) {
        var text = new PlanText(plan, remarks);
        text.lines.add(text.figures.heading() + "node");
        text.node(plan.root(), 0);
        text.totals();
        return String.join("\n", text.lines.stream().map(String::stripTrailing).toList()) + "\n";
    }

    private void node(PlanNode node, int depth) {
        String indent = "  ".repeat(Math.min(depth, DEEPEST_INDENT));
        String arrow = depth == 0 ? "" : "-> ";
        add(figures.of(node) + indent + arrow, subplan(node) + NodeLabel.withAlias(node));
        String below = figures.blank() + indent + "     ";
        conditions(node).forEach(condition -> add(below, condition));
        for (String remark : remarks.apply(node)) {
            List<String> wrapped = Printable.wrapped(remark, WIDTH - below.length() - 2);
            for (int i = 0; i < wrapped.size(); i++) {
                lines.add(below + (i == 0 ? "! " : "  ") + wrapped.get(i));
            }
        }
        node.children().forEach(child -> node(child, depth + 1));
    }

    private static String subplan(PlanNode node) {
        String name = node.placement().subplanName();
        return name == null ? "" : name + ": ";
    }

    private void add(String prefix, String text) {
        lines.add(prefix + Printable.cut(text, WIDTH - prefix.length()));
    }

    private static Stream<String> conditions(PlanNode node) {
        var conditions = node.conditions();
        return Stream.of(
                        named("Index Cond", conditions.indexCond()),
                        named("Order By", conditions.orderBy()),
                        named("Recheck Cond", conditions.recheckCond()),
                        named("TID Cond", conditions.tidCond()),
                        named("Hash Cond", conditions.hashCond()),
                        named("Merge Cond", conditions.mergeCond()),
                        named("Join Filter", conditions.joinFilter()),
                        filter(node, conditions.filter()),
                        named("One-Time Filter", conditions.oneTimeFilter()),
                        named("Run Condition", conditions.runCondition()),
                        keys(node))
                .flatMap(condition -> condition);
    }

    private static Stream<String> named(String name, @Nullable String condition) {
        return condition == null ? Stream.empty() : Stream.of(name + ": " + condition);
    }

    private static Stream<String> filter(PlanNode node, @Nullable String filter) {
        double removed = node.removals().byFilter();
        return named(removed > 0 ? "Filter (removes " + PlanFigures.count(removed) + ")" : "Filter", filter);
    }

    private static Stream<String> keys(PlanNode node) {
        List<String> keys = NodeTexts.keys(node.detail());
        return keys.isEmpty() ? Stream.empty() : Stream.of("Key: " + String.join(", ", keys));
    }

    private void totals() {
        var totals = new ArrayList<String>();
        Double planning = plan.planningMillis();
        if (planning != null) {
            totals.add("planning " + PlanFigures.millis(planning) + " ms");
        }
        Double total = plan.totalMillis();
        if (total != null) {
            totals.add("execution " + PlanFigures.millis(total) + " ms");
        }
        for (TriggerTime trigger : plan.triggers()) {
            Double millis = trigger.millis();
            if (millis != null) {
                totals.add("trigger " + trigger.name() + " " + PlanFigures.millis(millis) + " ms");
            }
        }
        if (!totals.isEmpty()) {
            lines.add("");
            lines.addAll(Printable.wrapped(String.join(", ", totals), WIDTH));
        }
    }
}
