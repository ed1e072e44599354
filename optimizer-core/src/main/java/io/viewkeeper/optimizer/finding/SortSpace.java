// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.SortRun;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The sorts of one Sort node: its own and those of its parallel workers, each with a work_mem of its own. */
record SortSpace(List<SortRun> runs) {
    private static final long KILO = 1_024;
    /** What a sort keeps for each row beside the row (SortTuple, a chunk's header and its rounding, tuplesort.c). */
    private static final long BYTES_PER_ROW = 56;

    static SortSpace of(PlanNode node, Detail.Sort sort) {
        var runs = new ArrayList<SortRun>();
        var own = sort.run();
        if (own != null) {
            runs.add(own);
        }
        node.workers().stream().map(Worker::sort).filter(Objects::nonNull).forEach(runs::add);
        return new SortSpace(List.copyOf(runs));
    }

    /** Of one process, by what the planner expects. */
    static double expectedBytes(PlanNode node) {
        var estimate = node.estimate();
        return estimate == null ? 0 : estimate.rows() * (estimate.widthBytes() + BYTES_PER_ROW);
    }

    /** Whether a LIMIT above makes it keep the first rows only. */
    static boolean bounded(Context context, PlanNode sort) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.LIMIT)
                .anyMatch(limit -> bounds(limit, sort));
    }

    private static boolean bounds(PlanNode node, PlanNode sort) {
        return node.children().stream().anyMatch(child -> switch (child.type()) {
            case SORT -> child.path().equals(sort.path());
            case RESULT, LOCK_ROWS, GATHER_MERGE, MERGE_APPEND, APPEND -> bounds(child, sort);
            case SUBQUERY_SCAN -> child.conditions().filter() == null && bounds(child, sort);
            default -> false;
        });
    }

    /** Of all processes together. */
    long diskBytes() {
        return spilled().stream().mapToLong(SortRun::spaceUsedKb).sum() * KILO;
    }

    /** What the largest of them would have needed in memory, rows shared evenly: files lack what memory keeps beside each row. */
    double memoryNeededBytes(double rows) {
        long largest = spilled().stream().mapToLong(SortRun::spaceUsedKb).max().orElse(0) * KILO;
        return largest + rows / Math.max(1, runs.size()) * BYTES_PER_ROW;
    }

    boolean topN() {
        return !runs.isEmpty() && runs.stream().allMatch(run -> run.method().equals("top-N heapsort"));
    }

    /** Of those that went to disk, else of all: "external merge". */
    String method() {
        var of = spilled().isEmpty() ? runs : spilled();
        return of.isEmpty() ? "unknown" : of.getFirst().method();
    }

    int processes() {
        return runs.size();
    }

    private List<SortRun> spilled() {
        return runs.stream().filter(run -> run.spaceType().equals("Disk")).toList();
    }
}
