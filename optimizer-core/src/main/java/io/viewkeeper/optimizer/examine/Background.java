// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import io.viewkeeper.optimizer.finding.PlanHistory;
import io.viewkeeper.schema.statement.Counters;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a statement beside its plan.
 *
 * @param calls of the application, with which an execution of ours is compared; null where none were counted
 * @param callsPerDay 0 where nothing is known of it
 * @param history by the hash of its plan: how it did with an earlier one; null where it had none, or too little is known
 */
public record Background(
        @Nullable Counters calls, double callsPerDay, Function<String, @Nullable PlanHistory> history) {
    /** Of a statement that somebody brings. */
    public static final Background NONE = new Background(null, 0, _ -> null);
}
