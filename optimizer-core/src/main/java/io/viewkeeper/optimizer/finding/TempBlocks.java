// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are kept to be read again did not fit into work_mem: those of a CTE, a Materialize, a window or a function.
 * A recursive CTE keeps the rows of a round beside those of the whole, each in a work_mem of its own.
 *
 * <pre>
 * CTE Scan on busy (rows=300000)                        Seq Scan on orders (rows=300000)
 *   Storage: Disk  Maximum Storage: 14832kB         →     with "not materialized", or a work_mem that is enough
 *   Buffers: temp read=1853 written=1854
 * </pre>
 */
final class TempBlocks implements Rule {
    /** One megabyte. */
    static final long LEAST_BLOCKS = 128;

    /** In memory a row's space is rounded up to a power of two: to less than twice what it takes in a file. */
    private static final double ROUNDING = 2;
    /** What memory keeps beside each row: a chunk's header, a pointer, parts that are not written (tuplestore.c). */
    private static final double BYTES_PER_ROW = 48;

    @Override
    public String id() {
        return "temp-blocks";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> keepsRows(node.type()))
                .filter(node -> spilled(context, node))
                .map(node -> finding(context, node))
                .toList();
    }

    /**
     * Sorts, hashes and aggregates have rules of their own; other nodes only run a subplan that shows elsewhere. A WorkTable
     * Scan reads what its Recursive Union keeps.
     */
    private static boolean keepsRows(NodeType type) {
        return switch (type) {
            case CTE_SCAN,
                    MATERIALIZE,
                    WINDOW_AGG,
                    FUNCTION_SCAN,
                    TABLE_FUNCTION_SCAN,
                    RECURSIVE_UNION,
                    NAMED_TUPLESTORE_SCAN,
                    MODIFY_TABLE,
                    OTHER -> true;
            default -> false;
        };
    }

    /** A CTE runs when its scan asks for rows: the scan's blocks hold the CTE's, which hangs elsewhere in the plan. */
    private static OwnBlocks own(Context context, PlanNode node) {
        var own = OwnBlocks.of(node);
        var cte = ctePlan(context, node);
        return cte == null ? own : own.without(OwnBlocks.all(cte.buffers()));
    }

    private static @Nullable PlanNode ctePlan(Context context, PlanNode scan) {
        if (scan.type() != NodeType.CTE_SCAN) {
            return null;
        }
        return context.plan().nodes().stream()
                .filter(other ->
                        ("CTE " + scan.target().cte()).equals(other.placement().subplanName()))
                .findFirst()
                .orElse(null);
    }

    private static boolean spilled(Context context, PlanNode node) {
        return node.buffers() == null
                ? storedBytes(node) >= LEAST_BLOCKS * (double) context.server().blockSizeBytes()
                : own(context, node).temporary() >= LEAST_BLOCKS;
    }

    /** Without BUFFERS, 17 and newer tell of the storage. */
    private static double storedBytes(PlanNode node) {
        boolean onDisk = node.detail() instanceof Detail.Storage kept && "Disk".equals(kept.storage());
        Long kilobytes = node.detail() instanceof Detail.Storage kept ? kept.maximumKb() : null;
        return onDisk && kilobytes != null ? kilobytes * 1_024.0 : 0;
    }

    private Finding finding(Context context, PlanNode node) {
        var own = own(context, node);
        var impact = Impact.exclusive(context, node);
        double stored = storedBytes(node);
        double written = (double) own.tempWritten() * context.server().blockSizeBytes();
        double read = (double) own.tempRead() * context.server().blockSizeBytes();
        // Each loop may read them all again.
        double inFiles = Math.max(written, read / Math.max(1, context.loops(node)));
        // Of what was written, so much was kept at a time. What is stored counts memory, too, where that was more.
        double atOnce = stored > 0 && inFiles > stored ? stored / inFiles : 1;
        double bytes = inFiles > 0 ? inFiles * atOnce : stored;
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "The %s kept its rows%s in temporary files: %s."
                        .formatted(
                                node.typeName(),
                                node.type() == NodeType.FUNCTION_SCAN
                                        ? ", or what its function sorts, hashes and keeps,"
                                        : "",
                                node.buffers() == null
                                        ? Wording.size(stored)
                                        : Wording.size(written) + " written, " + Wording.size(read) + " read"),
                Memory.advice(
                        ROUNDING * bytes + BYTES_PER_ROW * kept(context, node) * atOnce, otherwise(context, node)),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("nodeType", node.typeName())
                        .name("cte", node.target().cte())
                        .count("rows", node.actualRows())
                        .count("tempBlocksWritten", own.tempWritten())
                        .count("tempBlocksRead", own.tempRead())
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .map());
    }

    /** Rows: of a CTE those before the scan's filter, else what comes in, or, where nothing does, what goes out. */
    private static double kept(Context context, PlanNode node) {
        var cte = ctePlan(context, node);
        if (cte != null) {
            return cte.actualRows();
        }
        var input = node.type() == NodeType.RECURSIVE_UNION ? null : node.outer();
        return input == null ? node.actualRows() : input.actualRows();
    }

    private static String otherwise(Context context, PlanNode node) {
        var cte = ctePlan(context, node);
        if (node.type() != NodeType.CTE_SCAN) {
            return "keep fewer or narrower rows";
        }
        if (cte != null && !MaterialisedCte.mayBeWrittenIntoTheQuery(cte)) {
            return "select fewer rows and columns in the CTE (one that is recursive, locks rows or changes data is always kept)";
        }
        long scans = context.plan().nodes().stream()
                .filter(other -> other.type() == NodeType.CTE_SCAN
                        && Objects.equals(other.target().cte(), node.target().cte()))
                .count();
        return "write \"not materialized\" at the CTE (%s), or select fewer rows and columns in it"
                .formatted(
                        scans > 1
                                ? "it is then computed in each of the %s places that read it; without effect where it calls a volatile function"
                                        .formatted(Wording.count(scans))
                                : "without effect where it calls a volatile function");
    }
}
