// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.PlanTimes;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A node of a plan in an answer: where the time goes. */
@Schema(name = "PlanNode")
public record NodeAnswer(
        String path,
        String type,
        @Nullable String schema,
        @Nullable String relation,
        @Nullable String index,

        @Schema(description = "Of one loop", nullable = true) @Nullable
        Double estimatedRows,

        @Schema(description = "Of all loops; null without ANALYZE", nullable = true) @Nullable
        Double actualRows,

        @Nullable Double loops,

        @Schema(description = "Elapsed, with everything below it; null without ANALYZE", nullable = true) @Nullable
        Double inclusiveMillis,

        @Schema(description = "Elapsed, without what is below it; null without ANALYZE", nullable = true) @Nullable
        Double exclusiveMillis,

        @Schema(description = "Of the whole time, 0 to 1", nullable = true) @Nullable
        Double share) {

    static List<NodeAnswer> of(Plan plan) {
        var times = PlanTimes.of(plan);
        return plan.nodes().stream().map(node -> of(node, times)).toList();
    }

    private static NodeAnswer of(PlanNode node, PlanTimes times) {
        var estimate = node.estimate();
        var actual = node.actual();
        return new NodeAnswer(
                node.path(),
                node.typeName(),
                node.target().schema(),
                node.target().relation(),
                node.target().index(),
                estimate == null ? null : estimate.rows(),
                actual == null ? null : node.actualRows(),
                actual == null ? null : actual.loops(),
                times.known() ? times.inclusiveMillis(node) : null,
                times.known() ? times.exclusiveMillis(node) : null,
                times.known() ? times.share(node) : null);
    }
}
