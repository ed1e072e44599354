// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.Optional;

/** {@link Layer#KIND}: what a plan does beyond reading this database. PREPARE has refused everything but queries before. */
final class KindCheck {
    private KindCheck() {}

    /** Why it is not executed. */
    static Optional<String> objection(Plan plan) {
        return plan.nodes().stream()
                .map(PlanNode::type)
                .flatMap(type -> reason(type).stream())
                .findFirst();
    }

    /** SELECT … INTO creates a table; PREPARE takes it, and its plan does not show it. INTO is a reserved word. */
    static Optional<String> objection(String text) {
        var tokens = Tokens.of(text);
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.word(i, "into") && !tokens.word(i - 1, "insert", "merge")) {
                return Optional.of("the statement creates a table");
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("UnnecessaryDefaultInEnumSwitch")
    private static Optional<String> reason(NodeType type) {
        return Optional.ofNullable(
                switch (type) {
                    case MODIFY_TABLE -> "the statement writes";
                    case LOCK_ROWS -> "the statement locks rows";
                    case FOREIGN_SCAN -> "the statement reads from another server";
                    case CUSTOM_SCAN, OTHER -> "the plan has a step that is not PostgreSQL's own";
                    default -> null;
                });
    }
}
