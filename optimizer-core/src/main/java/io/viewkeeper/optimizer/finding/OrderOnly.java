// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.regex.Pattern;

/** Index scans that were chosen for the order of their rows alone. */
final class OrderOnly {
    /** What min() and max() add: it leaves nothing out that matters. */
    private static final Pattern NOT_NULL = Pattern.compile("\\([^()]* IS NOT NULL\\)");

    private OrderOnly() {}

    static boolean is(PlanNode node) {
        return (node.type() == NodeType.INDEX_SCAN || node.type() == NodeType.INDEX_ONLY_SCAN) && !hasCondition(node);
    }

    /** Whether the index narrows down what is read. */
    static boolean hasCondition(PlanNode node) {
        String condition = node.conditions().indexCond();
        return condition != null && !NOT_NULL.matcher(condition).matches();
    }
}
