// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What EXPLAIN (FORMAT JSON) said of one statement. Times in milliseconds, blocks of the server's block size. What only
 * ANALYZE tells is null without it.
 *
 * @param settings planner settings that differ from their defaults (EXPLAIN SETTINGS)
 * @param statementText as auto_explain gives it; it may hold values
 * @param other what this version of Viewkeeper does not know, as it was found
 */
public record Plan(
        PlanNode root,
        @Nullable Double planningMillis,
        @Nullable Double executionMillis,
        @Nullable Buffers planningBuffers,
        @Nullable Jit jit,
        List<TriggerTime> triggers,
        Map<String, String> settings,
        @Nullable Long queryId,
        @Nullable String statementText,
        Map<String, JsonNode> other) {

    public Plan {
        triggers = List.copyOf(triggers);
        settings = Map.copyOf(settings);
        other = Map.copyOf(other);
    }

    /** Whether the statement was executed (EXPLAIN ANALYZE), so that there are actual rows and loops. */
    public boolean analyzed() {
        return root.actual() != null;
    }

    /** Every node, parents before their children. */
    public List<PlanNode> nodes() {
        return root.selfAndDescendants().toList();
    }

    /** The statement's execution time where it is told, else the root's total time; null without timing. */
    public @Nullable Double totalMillis() {
        if (executionMillis != null) {
            return executionMillis;
        }
        Actual actual = root.actual();
        return actual == null ? null : actual.allLoopsMillis();
    }
}
