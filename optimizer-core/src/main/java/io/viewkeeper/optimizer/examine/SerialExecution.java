// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a serial execution says of a plan with parallel workers. There each process has its memory, sorts and hashes its part, and
 * compiles; and the serial plan may have nodes that the parallel one has not.
 */
final class SerialExecution {
    private static final Set<String> OF_PROCESSES = Set.of(
            "hash-batches",
            "hash-aggregate-spill",
            "sort-spill",
            "incremental-sort-spill",
            "temp-blocks",
            "memoize-thrash",
            "lossy-bitmap",
            "jit-overhead",
            "workers-missing",
            "worker-skew",
            "planning-dominates");

    private SerialExecution() {}

    static boolean isParallel(Plan plan) {
        return plan.nodes().stream()
                .anyMatch(node -> node.type() == NodeType.GATHER || node.type() == NodeType.GATHER_MERGE);
    }

    /**
     * Findings that hold for the parallel plan.
     *
     * @param ofExecution of the serial one
     * @param ofPlan of the parallel one, which was not executed
     */
    static List<Finding> holding(Plan executed, List<Finding> ofExecution, Plan parallel, List<Finding> ofPlan) {
        var has = parallel.nodes().stream().map(SerialExecution::label).collect(Collectors.toSet());
        var paths = executed.nodes().stream()
                .filter(node -> has.contains(label(node)))
                .map(PlanNode::path)
                .collect(Collectors.toSet());
        var holding = new ArrayList<Finding>();
        for (Finding finding : ofExecution) {
            if (!OF_PROCESSES.contains(finding.rule())
                    && (finding.nodePath() == null || paths.contains(finding.nodePath()))) {
                holding.add(finding);
            }
        }
        // Of those that are about the whole: a node of the one plan is none of the other.
        for (Finding finding : ofPlan) {
            if (finding.nodePath() == null
                    && holding.stream().noneMatch(one -> one.rule().equals(finding.rule()))) {
                holding.add(finding);
            }
        }
        return holding;
    }

    private static String label(PlanNode node) {
        var target = node.target();
        return String.join(
                " ",
                node.typeName(),
                String.valueOf(target.relation()),
                String.valueOf(target.alias()),
                String.valueOf(target.index()));
    }
}
