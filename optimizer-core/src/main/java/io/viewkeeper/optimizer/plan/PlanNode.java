// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan.
 *
 * @param path where it stands: "0" is the root, "0.1" the root's second child
 * @param typeName its Node Type as the server spells it, also where the type is unknown to us
 * @param estimate null with COSTS OFF
 * @param actual null without ANALYZE; with 0 loops where it was never executed
 * @param detail what only nodes of its type tell
 * @param workers parallel workers' own figures, where EXPLAIN VERBOSE told them
 * @param other what this version of Viewkeeper does not know, as it was found
 */
public record PlanNode(
        String path,
        NodeType type,
        String typeName,
        Placement placement,
        @Nullable Estimate estimate,
        @Nullable Actual actual,
        @Nullable Buffers buffers,
        Target target,
        Conditions conditions,
        Removals removals,
        Detail detail,
        List<Worker> workers,
        List<PlanNode> children,
        Map<String, JsonNode> other) {

    public PlanNode {
        workers = List.copyOf(workers);
        children = List.copyOf(children);
        other = Map.copyOf(other);
    }

    /** This node, then everything below it, parents before their children. */
    public Stream<PlanNode> selfAndDescendants() {
        var nodes = new ArrayList<PlanNode>();
        collect(nodes);
        return nodes.stream();
    }

    private void collect(List<PlanNode> nodes) {
        nodes.add(this);
        children.forEach(child -> child.collect(nodes));
    }

    /** Whether ANALYZE ran it at least once. */
    public boolean executed() {
        return actual != null && actual.loops() > 0;
    }

    /** Rows that it returned in all its loops; 0 without ANALYZE. */
    public double actualRows() {
        return actual == null ? 0 : actual.rows() * actual.loops();
    }

    /** Rows that the planner expected of one loop; 0 with COSTS OFF. */
    public double estimatedRows() {
        return estimate == null ? 0 : estimate.rows();
    }

    /** The child that feeds a node with one input, and the outer side of a join. */
    public @Nullable PlanNode outer() {
        return child("Outer");
    }

    /** The inner side of a join. */
    public @Nullable PlanNode inner() {
        return child("Inner");
    }

    private @Nullable PlanNode child(String relationship) {
        return children.stream()
                .filter(child -> relationship.equals(child.placement.parentRelationship()))
                .findFirst()
                .orElse(null);
    }
}
