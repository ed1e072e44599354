// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A sort that did not fit into work_mem and went through temporary files; a parallel worker's too.
 *
 * <pre>
 * Sort (actual time=410..498 rows=400000)                  Sort (actual time=210..241 rows=400000)
 *   Sort Key: placed_at                                →     Sort Key: placed_at
 *   Sort Method: external merge  Disk: 14104kB               Sort Method: quicksort  Memory: 31395kB
 * </pre>
 */
final class SortSpill implements Rule {
    private static final String OTHERWISE = "let an index give the order, or sort fewer or narrower rows";

    @Override
    public String id() {
        return "sort-spill";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(
                        node -> node.detail() instanceof Detail.Sort sort ? check(context, node, sort) : Stream.empty())
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node, Detail.Sort sort) {
        if (context.estimated()) {
            return SortSpace.expectedBytes(node) > Memory.workMemBytes(context) && !SortSpace.bounded(context, node)
                    ? Stream.of(expected(context, node, sort))
                    : Stream.empty();
        }
        var space = SortSpace.of(node, sort);
        return space.diskBytes() == 0 ? Stream.empty() : Stream.of(finding(context, node, sort, space));
    }

    private Finding expected(Context context, PlanNode node, Detail.Sort sort) {
        double needed = SortSpace.expectedBytes(node);
        var impact = Impact.exclusive(context, node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "By the planner's estimate a sort of %s rows takes %s and goes to temporary files: work_mem is %s."
                        .formatted(Wording.count(node.estimatedRows()), Wording.size(needed), Memory.workMem(context)),
                Memory.advice(needed, OTHERWISE),
                impact.millis(),
                Evidence.of(context, impact)
                        .expressions("sortKeys", sort.keys())
                        .number("estimatedRows", node.estimatedRows())
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }

    private Finding finding(Context context, PlanNode node, Detail.Sort sort, SortSpace space) {
        double needed = space.memoryNeededBytes(node.actualRows());
        long workMem = Memory.workMemBytes(context);
        var impact = Impact.exclusive(context, node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "A sort of %s rows wrote %s to temporary files: work_mem is %s."
                        .formatted(
                                Wording.count(node.actualRows()),
                                Wording.size(space.diskBytes()),
                                Memory.workMem(context)),
                Memory.advice(needed, OTHERWISE),
                impact.millis(),
                Evidence.of(context, impact)
                        .expressions("sortKeys", sort.keys())
                        .count("rows", node.actualRows())
                        .name("method", space.method())
                        .count("diskBytes", space.diskBytes())
                        .count("processes", space.processes())
                        .count("workMemBytes", workMem)
                        .count("neededBytes", needed)
                        .map());
    }
}
