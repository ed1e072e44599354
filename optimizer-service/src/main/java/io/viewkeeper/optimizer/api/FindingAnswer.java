// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.viewkeeper.optimizer.finding.Finding;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A finding in an answer. */
@Schema(name = "Finding")
public record FindingAnswer(
        @Schema(description = "Id of the rule: docs/findings has a page of that name")
        String rule,

        @Schema(description = "info, warning or critical") String severity,

        @Schema(
                description = "Path of the node in the plan, 0 is the root; null when it is about the whole",
                nullable = true)
        @Nullable
        String nodePath,

        @Schema(description = "What happens there") String what,
        @Schema(description = "What to do") String advice,

        @Schema(description = "What it costs of one execution, at most; null without actual times", nullable = true)
        @Nullable
        Double impactMillis,

        @Schema(
                description =
                        "The figures that it rests on; basis is estimated where nothing was executed, costShare stands for the impact where nothing was timed")
        Map<String, Object> evidence) {

    static FindingAnswer of(Finding finding) {
        return new FindingAnswer(
                finding.rule(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                finding.nodePath(),
                finding.what(),
                finding.advice(),
                finding.impactMillis(),
                finding.evidence());
    }
}
