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
        var space = SortSpace.of(node, sort);
        return space.diskBytes() == 0 ? Stream.empty() : Stream.of(finding(context, node, sort, space));
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
                                Wording.size(workMem)),
                "Give this statement a work_mem of at least %s (each sort of each process may take that much), or let an"
                                .formatted(Memory.workMem(needed))
                        + " index give the order, or sort fewer or narrower rows.",
                impact.millis(),
                new Evidence()
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
