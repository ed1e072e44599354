package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.PlanTimes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule may know: the plan, where its time goes, and what is known around it. Of a plan that somebody brings nothing is
 * known around it; then rules that need to know say nothing, or conclude it from the plan.
 *
 * @param tables by "schema.name" as PlanNode.target spells them
 */
public record Context(
        Plan plan,
        PlanTimes times,
        Map<String, TableFacts> tables,
        ServerFacts server,
        @Nullable PlanHistory history) {

    public Context {
        tables = Map.copyOf(tables);
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
}
