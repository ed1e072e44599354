// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.regex.Pattern;

/**
 * What an execution would hold in memory, by the plan's estimates, in bytes: sorts, hash tables and what else is kept, each up to
 * its limit, and what aggregates collect, which has none. The server limits no backend as a whole.
 *
 * @param workMem of one sort
 * @param hashMem of one hash table
 */
record MemoryNeed(double workMem, double hashMem) {
    private static final String SETTINGS = """
            /* viewkeeper:explain */
            select w.bytes, w.bytes * pg_catalog.current_setting('hash_mem_multiplier')::double precision
            from (
              select least(pg_catalog.pg_size_bytes(pg_catalog.current_setting('work_mem')), 268435456)::double precision as bytes
            ) as w""";

    /** Aggregates that keep every value. */
    private static final Pattern COLLECTS = Pattern.compile(
            "\\b(array_agg|string_agg|xmlagg|jsonb?_(object_)?agg(_strict|_unique){0,2}|JSON_(ARRAY|OBJECT)AGG)\\(");

    /** Header and pointer of a row, and of a value. */
    private static final double OVERHEAD = 24;

    /** Of a value that is collected, where the plan tells the width of its row alone. */
    private static final double COLLECTED = 32;

    static MemoryNeed in(MeteredSession session) {
        return session.queryOne(SETTINGS, row -> new MemoryNeed(row.getDouble(0), row.getDouble(1)));
    }

    double bytes(Plan plan) {
        return plan.nodes().stream().mapToDouble(this::bytes).sum();
    }

    private double bytes(PlanNode node) {
        return switch (node.type()) {
            case SORT, INCREMENTAL_SORT, MATERIALIZE, CTE_SCAN, FUNCTION_SCAN, WINDOW_AGG, RECURSIVE_UNION ->
                Math.min(workMem, rows(node));
            case HASH, MEMOIZE, SET_OP -> Math.min(hashMem, rows(node));
            case AGGREGATE -> aggregate(node);
            default -> 0;
        };
    }

    private double aggregate(PlanNode node) {
        boolean hashed = node.detail() instanceof Detail.Aggregate aggregate
                && (aggregate.strategy().equals("Hashed")
                        || aggregate.strategy().equals("Mixed"));
        double table = hashed ? Math.min(hashMem, rows(node)) : 0;
        boolean collects = node.target().output().stream()
                .anyMatch(column -> COLLECTS.matcher(column).find());
        double collected = collects
                ? node.children().stream()
                        .mapToDouble(child -> rows(child) + child.estimatedRows() * COLLECTED)
                        .sum()
                : 0;
        return table + collected;
    }

    private static double rows(PlanNode node) {
        var estimate = node.estimate();
        return estimate == null ? 0 : estimate.rows() * (estimate.widthBytes() + OVERHEAD);
    }
}
