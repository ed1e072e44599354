package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * The planner expected ten times fewer or more rows than there were. Reported once, at the lowest node: what is above was
 * planned upon it.
 *
 * <pre>
 * Nested Loop (cost=… rows=4) (actual … rows=20000)          Hash Join (cost=… rows=19800) (actual … rows=20000)
 *   -> Seq Scan on cities (… rows=4) (… rows=2000)     →       -> Seq Scan on cities (… rows=1990) (… rows=2000)
 *        Filter: ((country = 'x') AND (region = 'y'))          with statistics on (country, region)
 * </pre>
 */
final class Misestimate implements Rule {
    static final double WARNING_FACTOR = 100;
    static final double CRITICAL_FACTOR = 1_000;

    @Override
    public String id() {
        return "misestimate";
    }

    @Override
    public List<Finding> check(Context context) {
        return WrongEstimate.of(context.plan().root()).stream()
                .map(wrong -> finding(context, wrong))
                .toList();
    }

    private Finding finding(Context context, WrongEstimate wrong) {
        var node = wrong.node();
        var actual = node.actual();
        double rows = actual == null ? 0 : actual.rows();
        return new Finding(
                id(),
                severity(wrong.factor()),
                node.path(),
                "%s returned %s rows where the planner expected %s: %s %s."
                        .formatted(
                                name(node),
                                Wording.count(rows),
                                Wording.count(node.estimatedRows()),
                                Wording.times(wrong.factor()),
                                wrong.under() ? "more" : "fewer"),
                advice(node),
                Impact.inclusive(context, wrong.affected()).millis(),
                new Evidence()
                        .name("relation", node.target().relation() == null ? null : Wording.relation(node))
                        .name("nodeType", node.typeName())
                        .number("estimatedRows", node.estimatedRows())
                        .number("actualRows", rows)
                        .number("loops", actual == null ? 0 : actual.loops())
                        .number("factor", wrong.factor())
                        .name("affectedPath", wrong.affected().path())
                        .expression("filter", node.conditions().filter())
                        .expression("indexCondition", node.conditions().indexCond())
                        .map());
    }

    private static Severity severity(double factor) {
        if (factor >= CRITICAL_FACTOR) {
            return Severity.CRITICAL;
        }
        return factor >= WARNING_FACTOR ? Severity.WARNING : Severity.INFO;
    }

    private static String name(PlanNode node) {
        return node.target().relation() == null
                ? "The " + node.typeName()
                : "The " + node.typeName() + " on " + Wording.relation(node);
    }

    private static String advice(PlanNode node) {
        if (node.target().relation() == null) {
            return node.type() == NodeType.AGGREGATE
                    ? "Statistics on the grouped columns together tell how many groups there are:"
                            + " create statistics (ndistinct) on them, then analyze."
                    : "Look at the columns that are joined or compared here: analyze their relations, raise their"
                            + " statistics target, or create statistics on columns that depend on each other.";
        }
        var columns = IndexSketch.comparedColumns(node);
        String relation = Wording.quotedRelation(node);
        if (columns.size() > 1) {
            var list = columns.stream().map(Wording::quoted).toList();
            return "Columns that depend on each other need statistics together: create statistics on %s from %s; then analyze %s."
                    .formatted(String.join(", ", list), relation, relation);
        }
        return columns.isEmpty()
                ? "Analyze %s; for an expression, create statistics on it.".formatted(relation)
                : "Analyze %s; if that does not help, raise the statistics target: alter table %s alter column %s set statistics 1000."
                        .formatted(relation, relation, Wording.quoted(columns.getFirst()));
    }
}
