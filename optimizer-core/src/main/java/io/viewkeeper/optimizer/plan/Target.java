// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node works on. Names as pg_catalog spells them; the schema needs VERBOSE.
 *
 * @param function of a Function Scan
 * @param output expressions that it returns (VERBOSE)
 */
public record Target(
        @Nullable String schema,
        @Nullable String relation,
        @Nullable String alias,
        @Nullable String index,
        @Nullable String scanDirection,
        @Nullable String cte,
        @Nullable String function,
        @Nullable String functionCall,
        List<String> output) {
    public Target {
        output = List.copyOf(output);
    }
}
