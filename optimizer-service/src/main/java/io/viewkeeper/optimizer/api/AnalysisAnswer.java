// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.optimizer.analysis.Analysis;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.statement.Load;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An analysis in an answer. No value of the statement is in it. */
@Schema(name = "Analysis")
public record AnalysisAnswer(
        UUID analysisId,
        String statementId,

        @Schema(description = "Each value is ?, comments are gone")
        String text,

        Instant analyzedAt,

        @Schema(description = "planned, executed, unexplained or refused")
        String outcome,

        @Schema(description = "Why there is no plan", nullable = true) @Nullable
        String reason,

        @Nullable String sqlState,

        @Schema(
                description =
                        "Where parameters' values came from, and their kind: none, activity, statistics-most-common, statistics-median, statistics-rarest, request",
                nullable = true)
        @Nullable
        String valuesFrom,

        @Schema(description = "What was done to get the plan, and what was left out")
        List<String> notes,

        @Schema(description = "schema.name") List<String> relations,
        @Nullable String planHash,
        @Nullable Double totalCost,
        @Nullable Double planningMillis,
        @Nullable Double executionMillis,

        @Schema(description = "What the analysis took of the database")
        double databaseMillis,

        @Schema(description = "Calls of the statement since the look before", nullable = true) @Nullable
        Long calls,

        @Nullable Double meanMillis,

        @Schema(description = "What the statement takes of a day; null where it is not followed", nullable = true)
        @Nullable
        Load load,

        @Schema(nullable = true) @Nullable UUID lookId,
        @Schema(nullable = true) @Nullable String requestedBy,

        @Schema(description = "The statement's analysis before this one", nullable = true) @Nullable
        UUID previousAnalysisId,

        List<FindingAnswer> findings,
        List<NodeAnswer> nodes,

        @Schema(
                description = "As EXPLAIN (FORMAT JSON) gives it, without values",
                implementation = Object.class,
                nullable = true)
        @Nullable
        JsonNode plan) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static AnalysisAnswer of(Analysis analysis, @Nullable Load load) {
        return new AnalysisAnswer(
                analysis.analysisId(),
                analysis.statementId(),
                analysis.text(),
                analysis.analyzedAt(),
                analysis.outcome().wireName(),
                analysis.reason(),
                analysis.sqlState(),
                analysis.valuesFrom(),
                analysis.notes(),
                analysis.relations(),
                analysis.planHash(),
                analysis.totalCost(),
                analysis.planningMillis(),
                analysis.executionMillis(),
                analysis.databaseMillis(),
                analysis.calls(),
                analysis.meanMillis(),
                load,
                analysis.lookId(),
                analysis.requestedBy(),
                analysis.previousAnalysisId(),
                analysis.findings().stream().map(FindingAnswer::of).toList(),
                plan(analysis).map(NodeAnswer::of).orElseGet(List::of),
                tree(analysis.plan()));
    }

    /** Empty without one. */
    static Optional<Plan> plan(Analysis analysis) {
        String json = analysis.plan();
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(PlanReader.read(json).getFirst());
        } catch (MalformedPlanException impossible) {
            throw new IllegalStateException("what was kept was read before", impossible);
        }
    }

    private static @Nullable JsonNode tree(@Nullable String json) {
        try {
            return json == null ? null : JSON.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what was kept is JSON", impossible);
        }
    }
}
