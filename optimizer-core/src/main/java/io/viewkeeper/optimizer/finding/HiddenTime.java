// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Most of the time went into a step that did little by all that its plan shows: it waited for locks, or it called functions.
 *
 * <pre>
 * Seq Scan on customers (actual time=2.9..584 rows=200)         create index on orders (customer_id)
 *   Filter: (open_orders(id) &gt; ?)                         →     Seq Scan on customers (actual time=0.1..4 rows=200)
 *                                                                 Filter: (open_orders(id) &gt; ?)
 * </pre>
 */
final class HiddenTime implements Rule {
    /** Of one row or one loop: several times what the dearest ordinary work takes. */
    static final double MILLIS_EACH = 0.01;
    /** Of a block that was in memory, with rows on it that nobody sees any more. */
    static final double MILLIS_PER_BLOCK = 0.003;
    /** Of a block that had to be read, where the plan does not tell how long that took: a slow disk's. */
    static final double MILLIS_PER_READ = 5;
    /** Below, the beginning of a statement is more than what it does. */
    static final double LEAST_MILLIS = 5;

    private static final Set<String> INPUTS = Set.of("Outer", "Inner", "Member", "Subquery");

    @Override
    public String id() {
        return "hidden-time";
    }

    @Override
    public List<Finding> check(Context context) {
        var hidden = context.plan().nodes().stream()
                .filter(node -> isHidden(context, node))
                .toList();
        double all = hidden.stream().mapToDouble(context::exclusive).sum();
        return all < Impact.CRITICAL_SHARE * context.times().totalMillis()
                ? List.of()
                : hidden.stream().map(node -> finding(context, node)).toList();
    }

    private static boolean isHidden(Context context, PlanNode node) {
        if (!context.times().known() || !node.executed()) {
            return false;
        }
        var own = OwnBlocks.of(node);
        double ordinary =
                MILLIS_EACH * (rows(node) + context.loops(node)) + MILLIS_PER_BLOCK * (own.touched() + own.temporary());
        Double told = own.ioMillis();
        double reading = told == null ? MILLIS_PER_READ * (own.read() + own.tempRead()) : told;
        double rest = context.exclusive(node) - reading;
        return rest >= LEAST_MILLIS && rest >= ordinary;
    }

    /** In all loops: what came in, or what went out and was thrown away, whichever is more. */
    private static double rows(PlanNode node) {
        double in = node.children().stream()
                .filter(child ->
                        INPUTS.contains(String.valueOf(child.placement().parentRelationship())))
                .mapToDouble(PlanNode::actualRows)
                .sum();
        var actual = node.actual();
        var removals = node.removals();
        double removed = removals.byFilter() + removals.byIndexRecheck() + removals.byJoinFilter();
        return Math.max(in, node.actualRows() + removed * (actual == null ? 0 : actual.loops()));
    }

    private Finding finding(Context context, PlanNode node) {
        var impact = Impact.exclusive(context, node);
        double millis = context.exclusive(node);
        double rows = rows(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s took %s of the execution (%s of %s ms) for %s: more than the rows and blocks in the plan take."
                        .formatted(
                                name(node),
                                Wording.percent(context.times().share(node)),
                                Wording.count(millis),
                                Wording.count(context.times().totalMillis()),
                                rows < 0.5 ? "no row" : rows < 1.5 ? "1 row" : Wording.count(rows) + " rows"),
                advice(node),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("nodeType", node.typeName())
                        .name("relation", node.target().relation() == null ? null : Wording.relation(node))
                        .name("function", function(node))
                        .number("exclusiveMillis", millis)
                        .count("rows", rows)
                        .count("loops", context.loops(node))
                        .number("millisPerRow", millis / Math.max(1, rows))
                        .expression("filter", node.conditions().filter())
                        .map());
    }

    private static String name(PlanNode node) {
        String function = function(node);
        String on = node.target().relation() != null ? Wording.relation(node) : function;
        return on == null ? "The " + node.typeName() : "The %s on %s".formatted(node.typeName(), on);
    }

    private static @Nullable String function(PlanNode node) {
        String function = node.target().function();
        String schema = node.target().schema();
        return function == null || schema == null ? function : schema + "." + function;
    }

    private static String advice(PlanNode node) {
        return switch (node.type()) {
            case LOCK_ROWS ->
                "Locking a row takes microseconds, so it most likely waited for transactions that hold these rows. While it waits,"
                        + " pg_blocking_pids(pid) tells who they are: make them shorter, or ask with NOWAIT, SKIP LOCKED or a"
                        + " lock_timeout.";
            case MODIFY_TABLE ->
                "A plan does not show what it did: wait for transactions that hold these rows or keys (pg_blocking_pids(pid) tells"
                        + " who, while it waits), fire BEFORE triggers, compute constraints and generated columns, keep indexes up to date.";
            case FUNCTION_SCAN, TABLE_FUNCTION_SCAN ->
                "A plan does not look into functions. auto_explain with log_nested_statements logs the plans inside;"
                        + " pg_stat_user_functions counts calls and times (track_functions); a function that sleeps or waits for"
                        + " a lock shows in pg_stat_activity (wait_event) while it does.";
            case FOREIGN_SCAN ->
                "The other side took it, or the way there: explain the remote statement (VERBOSE shows it) where it is executed.";
            case SORT, INCREMENTAL_SORT ->
                "Comparing took it, which a plan does not show: long texts in a collation other than \"C\", long numbers, documents."
                        + " Sort by fewer or narrower columns, or let an index give the order.";
            case GATHER, GATHER_MERGE ->
                "It waited for its workers to start, to hand over rows or to end, which a plan does not show apart. Look at the"
                        + " statement without them: max_parallel_workers_per_gather = 0.";
            default ->
                "A plan does not show the functions that a step calls in its conditions and its output, nor waiting for locks%s or the processor."
                                .formatted(node.buffers() == null ? ", disks" : "")
                        + " pg_stat_user_functions counts calls and times (track_functions); auto_explain with"
                        + " log_nested_statements logs the plans inside; wait_event in pg_stat_activity tells what it waits for.";
        };
    }
}
