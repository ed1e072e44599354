// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.finding.Clause.Form;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What mends the estimate of a node: statistics where they can, and what to do where none can. */
final class StatisticsAdvice {
    private StatisticsAdvice() {}

    static String of(PlanNode node) {
        if (node.target().relation() != null) {
            return ofRelation(node);
        }
        if (node.detail() instanceof Detail.Aggregate groups) {
            return ofGroups(groups.groupKeys());
        }
        return "Look at the columns that are joined or compared here: analyze their relations, raise their"
                + " statistics target, or create statistics on columns that depend on each other.";
    }

    private static String ofGroups(List<String> keys) {
        boolean plain = !SortColumn.of(keys).isEmpty();
        if (plain && keys.size() > 1) {
            return "Statistics on the grouped columns together tell how many groups there are:"
                    + " create statistics (ndistinct) on them, then analyze.";
        }
        return plain
                ? "The number of different values of the grouped column is wrong: analyze its table; if that does not help, set it by hand (alter table ... alter column ... set (n_distinct = ...)), then analyze."
                : "The planner guesses how many different values an expression has: create statistics on the expression, then analyze.";
    }

    private static String ofRelation(PlanNode node) {
        var alias = node.target().alias();
        String relation = Wording.quotedRelation(node);
        var conditions = node.conditions();
        var clauses = new ArrayList<Clause>();
        Stream.of(conditions.indexCond(), conditions.recheckCond(), conditions.filter())
                .filter(Objects::nonNull)
                .forEach(condition -> clauses.addAll(Clause.of(condition, alias)));
        if (clauses.isEmpty()) {
            return "Analyze %s: how many rows it has is out of date.".formatted(relation);
        }
        if (clauses.stream().anyMatch(clause -> clause.form() == Form.SUBQUERY)) {
            return "The planner guesses that half of the rows pass a subquery in a filter, whatever the statistics: write it as a join, or as IN or EXISTS that stands alone in WHERE.";
        }
        if (clauses.stream().anyMatch(Clause::unknownToPlanner)) {
            return unknown(clauses);
        }
        var columns = IndexSketch.comparedColumns(node);
        if (columns.size() > 1) {
            return "Columns that depend on each other need statistics together: create statistics on %s from %s; then analyze %s."
                    .formatted(
                            columns.stream().map(Wording::quoted).collect(Collectors.joining(", ")),
                            relation,
                            relation);
        }
        String column = columns.isEmpty() ? column(clauses) : columns.getFirst();
        return column == null
                ? ofExpression(clauses, relation)
                : "Analyze %s; if that does not help, raise the statistics target: alter table %s alter column %s set statistics 1000."
                        .formatted(relation, relation, Wording.quoted(column));
    }

    /** Of a plan that was made before the values were known. */
    private static String unknown(List<Clause> clauses) {
        boolean array = clauses.stream().anyMatch(clause -> clause.ofArray() && clause.unknownToPlanner());
        return "Statistics do not help: the planner did not know the value when it planned"
                + (array ? ", and of an array that it does not know it expects ten elements" : "")
                + ". Of a prepared statement, plan_cache_mode = force_custom_plan lets it plan with the values; what a subquery finds can be asked for first and given as a value.";
    }

    private static @Nullable String column(List<Clause> clauses) {
        return clauses.stream()
                .filter(clause -> clause.form() != Form.EXPRESSION && clause.form() != Form.SAME_ROW)
                .map(Clause::column)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String ofExpression(List<Clause> clauses, String relation) {
        if (clauses.stream().anyMatch(clause -> clause.form() == Form.SAME_ROW)) {
            return "The planner guesses how columns of one row compare with each other (equal: one in 200, less or greater: a third), and statistics do not help: keep the result of the comparison in a column of its own (generated always as ... stored), analyze %s, and ask for that."
                    .formatted(relation);
        }
        String expression = clauses.stream()
                .filter(clause -> clause.form() == Form.EXPRESSION)
                .map(clause -> clause.ddl(clause.expression()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return expression == null
                ? "Analyze %s; for an expression, create statistics on it.".formatted(relation)
                : "The planner guesses what an expression returns: create statistics on (%s) from %s; then analyze %s."
                        .formatted(expression, relation, relation);
    }
}
