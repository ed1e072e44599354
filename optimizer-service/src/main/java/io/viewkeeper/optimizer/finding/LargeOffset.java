package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * OFFSET makes the server produce all the rows that it then skips.
 *
 * <pre>
 * Limit (rows=20)                                            Limit (rows=20)
 *   -> Index Scan using orders_pkey on orders (rows=200020) →   -> Index Scan using orders_pkey on orders (rows=20)
 *                                                                   Index Cond: (id > 200000)
 * </pre>
 */
final class LargeOffset implements Rule {
    static final double LEAST_ROWS = 1_000;
    /** Of the rows that were made. */
    static final double LEAST_SHARE = 0.9;

    @Override
    public String id() {
        return "large-offset";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.LIMIT && node.executed())
                .filter(LargeOffset::skipsMost)
                .map(limit -> finding(context, limit))
                .toList();
    }

    private static boolean skipsMost(PlanNode limit) {
        return skipped(limit) >= LEAST_ROWS && skipped(limit) >= LEAST_SHARE * made(limit);
    }

    /** A limit stops its child as soon as it has its rows: what that returned beyond them was skipped. */
    private static double skipped(PlanNode limit) {
        return made(limit) - limit.actualRows();
    }

    private static double made(PlanNode limit) {
        var source = limit.outer();
        return source == null ? 0 : source.actualRows();
    }

    private Finding finding(Context context, PlanNode limit) {
        var impact = Impact.of(context, context.times().inclusiveMillis(limit) * skipped(limit) / made(limit));
        var source = limit.outer();
        List<String> keys = source != null && source.detail() instanceof Detail.Sort sort ? sort.keys() : List.of();
        var evidence = new Evidence().count("rowsReturned", limit.actualRows()).count("rowsSkipped", skipped(limit));
        return new Finding(
                id(),
                impact.severity(),
                limit.path(),
                "An OFFSET skipped %s rows to return %s."
                        .formatted(Wording.count(skipped(limit)), Wording.count(limit.actualRows())),
                "Go on where the last page ended instead: a condition on the ordered columns, greater than the last row's,"
                        + " with an index on them; it costs the same for every page.",
                impact.millis(),
                (keys.isEmpty() ? evidence : evidence.expressions("sortKeys", keys)).map());
    }
}
