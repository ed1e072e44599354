// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Expressions as the server deparses them; constants in them are values of the statement until they are redacted.
 *
 * @param orderBy of an index that returns rows by distance
 * @param runCondition after which a WindowAgg stops
 */
public record Conditions(
        @Nullable String filter,
        @Nullable String indexCond,
        @Nullable String recheckCond,
        @Nullable String tidCond,
        @Nullable String hashCond,
        @Nullable String mergeCond,
        @Nullable String joinFilter,
        @Nullable String oneTimeFilter,
        @Nullable String orderBy,
        @Nullable String runCondition) {
    /** All of them in one order; those that a node lacks are null. */
    Stream<@Nullable String> all() {
        return Stream.of(
                filter,
                indexCond,
                recheckCond,
                tidCond,
                hashCond,
                mergeCond,
                joinFilter,
                oneTimeFilter,
                orderBy,
                runCondition);
    }
}
