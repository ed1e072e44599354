// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * An index-only scan that went to the table all the same: its pages are not marked as visible to all.
 *
 * <pre>
 * Index Only Scan using orders_placed_at on orders      Index Only Scan using orders_placed_at on orders
 *   (rows=300000)                                   →     (rows=300000)
 *   Heap Fetches: 300000                                  Heap Fetches: 0
 * </pre>
 */
final class HeapFetches implements Rule {
    static final long LEAST_FETCHES = 1_000;
    /** Of the rows that the index gave. */
    static final double LEAST_SHARE = 0.1;

    @Override
    public String id() {
        return "heap-fetches";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.INDEX_ONLY_SCAN)
                .flatMap(node -> check(context, node))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node) {
        Long told = node.detail() instanceof Detail.Index index ? index.heapFetches() : null;
        long fetches = told == null ? 0 : told;
        boolean many = fetches >= LEAST_FETCHES && share(node, fetches) >= LEAST_SHARE;
        return many ? Stream.of(finding(context, node, fetches)) : Stream.empty();
    }

    /** At most 1: fetches count dead rows too. */
    private static double share(PlanNode node, long fetches) {
        return Math.min(
                1, fetches / Math.max(1, RowsRead.byFilterAndRecheck(node).total()));
    }

    private Finding finding(Context context, PlanNode node, long fetches) {
        var impact = Impact.share(context, node, share(node, fetches));
        var table = context.tableOf(node);
        boolean view = table != null && table.materializedView();
        String relation = Wording.relation(node);
        String vacuum = "vacuum (analyze) " + Wording.quotedRelation(node);
        var evidence = Evidence.of(context, impact)
                .name("relation", relation)
                .name("index", node.target().index())
                .count("heapFetches", fetches)
                .count("rows", node.actualRows())
                .number("fetchedShare", share(node, fetches))
                .flag("materializedView", view);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "An index-only scan of %s went to the table for %s rows, %s of those it read."
                        .formatted(relation, Wording.count(fetches), Wording.percent(share(node, fetches))),
                view
                        ? "A refresh leaves no page marked as visible to all: run %s after each refresh."
                                .formatted(vacuum)
                        : "Run %s, and let autovacuum come more often (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)."
                                .formatted(vacuum),
                impact.millis(),
                (table == null ? evidence : evidence.number("allVisibleShare", table.allVisibleShare())).map());
    }
}
