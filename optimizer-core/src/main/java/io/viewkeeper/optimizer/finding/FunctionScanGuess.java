// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A set-returning function whose rows the planner guessed, below a join that was chosen by that guess. Before:
 *
 * <pre>
 * Hash Join (rows=1000) (actual rows=3 loops=1)
 *   -&gt; Seq Scan on orders o (actual rows=200000 loops=1)
 *   -&gt; Hash
 *        -&gt; Function Scan on recent_customers f (rows=1000) (actual rows=3 loops=1)
 * </pre>
 *
 * After {@code alter function recent_customers() rows 3}:
 *
 * <pre>
 * Nested Loop (rows=30) (actual rows=30 loops=1)
 *   -&gt; Function Scan on recent_customers f (rows=3) (actual rows=3 loops=1)
 *   -&gt; Index Scan using orders_customer_id_idx on orders o (actual rows=10 loops=3)
 * </pre>
 */
final class FunctionScanGuess implements Rule {
    /** Functions of the server without VERBOSE, which alone tells the schema. */
    private static final Pattern SERVERS = Pattern.compile(
            "generate_(series|subscripts)|unnest|jsonb?_.*|regexp_.*|string_to_table|pg_.*|xmltable|json_table");

    static final double LEAST_FACTOR = 10;

    @Override
    public String id() {
        return "function-scan-guess";
    }

    @Override
    public List<Finding> check(Context context) {
        var findings = new ArrayList<Finding>();
        if (!context.estimated()) {
            walk(context, context.plan().root(), null, findings);
        }
        return findings;
    }

    private void walk(Context context, PlanNode node, @Nullable PlanNode join, List<Finding> findings) {
        if (join != null && isGuessed(node)) {
            findings.add(finding(context, node, join));
        }
        PlanNode above = isJoin(node) ? node : join;
        node.children().forEach(child -> walk(context, child, above, findings));
    }

    private static boolean isJoin(PlanNode node) {
        return node.type() == NodeType.NESTED_LOOP
                || node.type() == NodeType.HASH_JOIN
                || node.type() == NodeType.MERGE_JOIN;
    }

    private static boolean isGuessed(PlanNode node) {
        return node.type() == NodeType.FUNCTION_SCAN
                && node.executed()
                && node.estimate() != null
                && factor(node) >= LEAST_FACTOR;
    }

    private static double rows(PlanNode scan) {
        return scan.actualRows() / Math.max(1, loops(scan));
    }

    private static double loops(PlanNode scan) {
        var actual = scan.actual();
        return actual == null ? 0 : actual.loops();
    }

    /** By how much the guess was off, in whichever direction; no row counts as one. */
    private static double factor(PlanNode scan) {
        double actual = Math.max(1, rows(scan));
        return Math.max(actual / scan.estimatedRows(), scan.estimatedRows() / actual);
    }

    /** What the join and its other inputs take is what another plan could save. */
    private Finding finding(Context context, PlanNode scan, PlanNode join) {
        double millis = context.inclusive(join) - context.inclusive(scan);
        var impact = Impact.of(context, Math.max(0, millis));
        String function = name(scan);
        return new Finding(
                id(),
                impact.severity(),
                join.path(),
                "The planner expected %s rows of %s and got %s; the join above was chosen by that guess."
                        .formatted(Wording.count(scan.estimatedRows()), function, Wording.count(rows(scan))),
                advice(scan, function),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("function", function)
                        .name("functionScan", scan.path())
                        .count("rowsEstimated", scan.estimatedRows())
                        .number("rows", rows(scan))
                        .number("factor", factor(scan))
                        .map());
    }

    /** A function of the server is not to be altered. */
    private static String advice(PlanNode scan, String function) {
        String name = scan.target().function();
        String schema = scan.target().schema();
        boolean servers =
                name == null || (schema == null ? SERVERS.matcher(name).matches() : schema.equals("pg_catalog"));
        return servers
                ? "The server can only know what it sees in the statement: give the function constants rather than expressions, or put its rows into a temporary table and analyze that."
                : "Say how many rows it returns: alter function %s(...) rows %s."
                        .formatted(function, Math.max(1, Math.round(rows(scan))));
    }

    private static String name(PlanNode scan) {
        String function = scan.target().function();
        if (function == null) {
            return "a function";
        }
        String schema = scan.target().schema();
        return schema == null ? function : schema + "." + function;
    }
}
