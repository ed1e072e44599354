package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * Rows that are kept to be read again did not fit into work_mem: those of a CTE, a Materialize, a window or a function.
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

    /** Sorts, hashes and aggregates have rules of their own; other nodes only run a subplan that shows elsewhere. */
    private static boolean keepsRows(NodeType type) {
        return switch (type) {
            case CTE_SCAN,
                    MATERIALIZE,
                    WINDOW_AGG,
                    FUNCTION_SCAN,
                    TABLE_FUNCTION_SCAN,
                    RECURSIVE_UNION,
                    WORK_TABLE_SCAN,
                    NAMED_TUPLESTORE_SCAN,
                    MODIFY_TABLE,
                    OTHER -> true;
            default -> false;
        };
    }

    /** A CTE runs when its scan asks for rows: the scan's blocks hold the CTE's, which hangs elsewhere in the plan. */
    private static OwnBlocks own(Context context, PlanNode node) {
        var own = OwnBlocks.of(node);
        String cte = node.target().cte();
        if (node.type() != NodeType.CTE_SCAN || cte == null) {
            return own;
        }
        return context.plan().nodes().stream()
                .filter(other -> ("CTE " + cte).equals(other.placement().subplanName()))
                .findFirst()
                .map(subplan -> own.without(OwnBlocks.all(subplan.buffers())))
                .orElse(own);
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
        String cte = node.target().cte();
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "The %s kept its rows in temporary files: %s."
                        .formatted(
                                node.typeName(),
                                node.buffers() == null
                                        ? Wording.size(stored)
                                        : Wording.size(written) + " written, " + Wording.size(read) + " read"),
                // Files lack what memory keeps beside each row.
                Memory.advice(
                        2 * Math.max(stored, Math.max(written, read)),
                        node.type() == NodeType.CTE_SCAN
                                ? "write \"not materialized\" at the CTE, or select fewer rows and columns in it"
                                : "keep fewer or narrower rows"),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("nodeType", node.typeName())
                        .name("cte", cte)
                        .count("rows", node.actualRows())
                        .count("tempBlocksWritten", own.tempWritten())
                        .count("tempBlocksRead", own.tempRead())
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .map());
    }
}
