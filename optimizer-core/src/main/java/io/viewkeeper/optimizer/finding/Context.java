// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanCosts;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.PlanTimes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule may know: the plan, where its time goes (or its cost, where no time was measured), and what is known around it.
 * Of a plan that somebody brings nothing is known around it; then rules that need to know say nothing, or conclude it from
 * the plan.
 *
 * @param tables by "schema.name" as PlanNode.target spells them
 */
public record Context(
        Plan plan,
        PlanTimes times,
        PlanCosts costs,
        Map<String, TableFacts> tables,
        ServerFacts server,
        @Nullable PlanHistory history) {

    public Context {
        tables = Map.copyOf(tables);
    }

    public Context(
            Plan plan,
            PlanTimes times,
            Map<String, TableFacts> tables,
            ServerFacts server,
            @Nullable PlanHistory history) {
        this(plan, times, PlanCosts.of(plan), tables, server, history);
    }

    /** The plan alone. */
    public static Context of(Plan plan) {
        return new Context(plan, PlanTimes.of(plan), Map.of(), ServerFacts.usual(), null);
    }

    /** What is known of the relation that a node reads. */
    public @Nullable TableFacts tableOf(PlanNode node) {
        String relation = node.target().relation();
        return relation == null ? null : tables.get(node.target().schema() + "." + relation);
    }

    /** Whether nothing was executed: rows, loops and shares are the planner's expectations. */
    boolean estimated() {
        return !plan.analyzed();
    }

    /** Whether a node was executed, or would be as far as anybody knows. */
    boolean runs(PlanNode node) {
        return estimated() || node.executed();
    }

    /** How often a node was executed, or is expected to be. */
    double loops(PlanNode node) {
        return costs.loops(node);
    }

    /** Rows of all loops, measured or expected. */
    double rows(PlanNode node) {
        return estimated() ? node.estimatedRows() * loops(node) : node.actualRows();
    }

    /** Rows of one loop, measured or expected. */
    double rowsOfLoop(PlanNode node) {
        var actual = node.actual();
        return estimated() ? node.estimatedRows() : actual == null ? 0 : actual.rows();
    }

    /** Of a node with everything below it: milliseconds where they were measured, else the planner's cost. */
    double inclusive(PlanNode node) {
        return times.known() ? times.inclusiveMillis(node) : costs.inclusive(node);
    }

    /** Of a node alone, in the same unit. */
    double exclusive(PlanNode node) {
        return times.known() ? times.exclusiveMillis(node) : costs.exclusive(node);
    }

    /** Of the whole, in the same unit. */
    double total() {
        return times.known() ? times.totalMillis() : costs.inclusive(plan.root());
    }
}
