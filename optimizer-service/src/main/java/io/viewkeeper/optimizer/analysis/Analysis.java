// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.optimizer.examine.Likeness;
import io.viewkeeper.optimizer.finding.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One look at one statement: its plan with what is wrong with it, or why there is none. Holds no value of the statement.
 *
 * @param text without values
 * @param lookId null when a person asked
 * @param requestedBy null when nobody asked
 * @param reason null with a plan
 * @param valuesFrom of the parameters, and of which kind they are ({@link io.viewkeeper.optimizer.explain.ValuesFrom}); null without a plan
 * @param plan JSON; null without one
 * @param executionMillis null unless it was executed
 * @param databaseMillis what the analysis took of the database, in so many statements
 * @param calls of the statement since the look before; null when a person asked
 * @param previousAnalysisId the statement's analysis before, for comparison
 */
public record Analysis(
        UUID analysisId,
        String statementId,
        String text,
        @Nullable UUID lookId,
        @Nullable String requestedBy,
        Instant analyzedAt,
        Outcome outcome,
        @Nullable String reason,
        @Nullable String sqlState,
        @Nullable String valuesFrom,
        @Nullable String plan,
        @Nullable String planHash,
        List<String> relations,
        @Nullable Double totalCost,
        @Nullable Double planningMillis,
        @Nullable Double executionMillis,
        double databaseMillis,
        int statementsIssued,
        List<String> notes,
        @Nullable Long calls,
        @Nullable Double meanMillis,
        @Nullable UUID previousAnalysisId,
        List<Finding> findings) {

    /** Whether or not anything is concluded from it. */
    boolean wasExecuted() {
        return outcome == Outcome.EXECUTED || notes.stream().anyMatch(note -> note.startsWith(Likeness.PROVES_NOTHING));
    }

    /** How it ended. */
    public enum Outcome {
        /** A plan, not executed. */
        PLANNED,
        /** A plan with what its execution measured. */
        EXECUTED,
        /** It was tried, and there is no plan. */
        UNEXPLAINED,
        /** A protection said no. */
        REFUSED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public Analysis {
        relations = List.copyOf(relations);
        notes = List.copyOf(notes);
        findings = List.copyOf(findings);
    }
}
