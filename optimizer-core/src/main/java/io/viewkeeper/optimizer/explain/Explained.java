// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Drafting.Prepared;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan, and with what it was made.
 *
 * @param arguments expressions by which EXECUTE is given the values
 */
record Explained(
        Prepared prepared, RedactedPlan plan, List<@Nullable String> values, List<String> arguments, ValuesFrom from) {
    boolean isParallel() {
        return plan.plan().nodes().stream()
                .anyMatch(node -> node.type() == NodeType.GATHER || node.type() == NodeType.GATHER_MERGE);
    }

    /** NULL makes most conditions false, and a plan of nothing. */
    boolean isFolded() {
        return plan.plan().nodes().stream()
                .anyMatch(node -> node.type() == NodeType.RESULT
                        && "false".equals(node.conditions().oneTimeFilter()));
    }

    double cost() {
        var estimate = plan.plan().root().estimate();
        return estimate == null ? 0 : estimate.totalCost();
    }
}
