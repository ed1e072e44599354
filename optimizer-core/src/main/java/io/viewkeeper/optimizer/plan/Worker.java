// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One parallel worker's share of a node.
 *
 * @param sort its own sort, where the node sorts
 */
public record Worker(
        int number,
        @Nullable Actual actual,
        @Nullable Buffers buffers,
        @Nullable SortRun sort,
        Map<String, JsonNode> other) {
    public Worker {
        other = Map.copyOf(other);
    }
}
