// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bitmap of rows did not fit into work_mem: for many pages only the page was remembered, and all of its rows are checked
 * again.
 *
 * <pre>
 * Bitmap Heap Scan on orders (rows=60000)          Bitmap Heap Scan on orders (rows=60000)
 *   Rows Removed by Index Recheck: 180000      →      Heap Blocks: exact=3000
 *   Heap Blocks: exact=700 lossy=2300
 * </pre>
 */
final class LossyBitmap implements Rule {
    /** Of the pages. */
    static final double LEAST_SHARE = 0.1;
    /** What a bitmap keeps for a page: an entry of 48 bytes and two pointers (tbm_calculate_entries, tidbitmap.c). */
    static final long BYTES_PER_PAGE = 64;

    @Override
    public String id() {
        return "lossy-bitmap";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> node.detail() instanceof Detail.BitmapHeap bitmap
                        ? check(context, node, bitmap)
                        : Stream.empty())
                .toList();
    }

    /** An index that only knows pages (BRIN) has no exact ones at all; memory that is short leaves some. */
    static boolean shortOfMemory(Detail.BitmapHeap bitmap) {
        return exact(bitmap) > 0 && lossy(bitmap) > 0;
    }

    private Stream<Finding> check(Context context, PlanNode node, Detail.BitmapHeap bitmap) {
        boolean much = shortOfMemory(bitmap) && lossyShare(bitmap) >= LEAST_SHARE;
        return much ? Stream.of(finding(context, node, bitmap)) : Stream.empty();
    }

    private static long exact(Detail.BitmapHeap bitmap) {
        Long blocks = bitmap.exactBlocks();
        return blocks == null ? 0 : blocks;
    }

    private static long lossy(Detail.BitmapHeap bitmap) {
        Long blocks = bitmap.lossyBlocks();
        return blocks == null ? 0 : blocks;
    }

    private static double lossyShare(Detail.BitmapHeap bitmap) {
        return (double) lossy(bitmap) / (lossy(bitmap) + exact(bitmap));
    }

    private Finding finding(Context context, PlanNode node, Detail.BitmapHeap bitmap) {
        var actual = node.actual();
        double rechecked = node.removals().byIndexRecheck() * (actual == null ? 0 : actual.loops());
        double needed = (double) (exact(bitmap) + lossy(bitmap)) * BYTES_PER_PAGE;
        var impact = Impact.share(context, node, lossyShare(bitmap));
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "The bitmap of %s did not fit into work_mem: of %s pages all rows were checked again, and %s thrown away."
                        .formatted(relation, Wording.count(lossy(bitmap)), Wording.count(rechecked)),
                Memory.advice(needed, "let a narrower index find fewer rows"),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .count("lossyBlocks", lossy(bitmap))
                        .count("exactBlocks", exact(bitmap))
                        .count("rowsRemovedByRecheck", rechecked)
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }
}
