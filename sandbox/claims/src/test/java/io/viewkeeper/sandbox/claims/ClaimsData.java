// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of the base tables as plain records, for data that a test knows completely. */
record ClaimsData(
        List<BillingProvider> providers,
        List<Payer> payers,
        List<Claim> claims,
        List<Line> lines,
        List<Validation> validations,
        List<QueueItem> queueItems) {

    record BillingProvider(
            long id,
            String name,
            @Nullable String taxonomy,
            @Nullable String specialty) {}

    record Payer(long id, String name, @Nullable String type) {}

    record Claim(
            long id,
            @Nullable Long patient,
            @Nullable Long provider,
            @Nullable Long payer,
            @Nullable BigDecimal amount,
            String status,
            @Nullable String reason,
            @Nullable Boolean validationPassed,
            @Nullable Integer processingTimeMs,
            @Nullable Instant processedAt) {

        boolean is(String wanted) {
            return status.equals(wanted);
        }

        boolean failedValidation() {
            return Boolean.FALSE.equals(validationPassed);
        }
    }

    record Line(
            long claim,
            int number,
            @Nullable String procedure,
            @Nullable String diagnosis,
            @Nullable BigDecimal work,
            @Nullable BigDecimal practiceExpense,
            @Nullable BigDecimal malpractice) {}

    record Validation(long claim, String rule, boolean passed, Instant at) {}

    record QueueItem(
            String queue,
            String status,
            Instant enqueuedAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {}

    static final ClaimsData EMPTY = new ClaimsData(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** Replaces what the tables hold. */
    void store(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(
                    "truncate staging.providers, staging.payers, staging.claims_837p, staging.claim_line_items,"
                            + " staging.validation_results, staging.processing_queue");
        }
        insert(
                owner,
                "staging.providers (provider_id, provider_name, provider_taxonomy, provider_specialty)",
                4,
                providers.stream()
                        .map(p -> row(p.id, p.name, p.taxonomy, p.specialty))
                        .toList());
        insert(
                owner,
                "staging.payers (payer_id, payer_name, payer_type)",
                3,
                payers.stream().map(p -> row(p.id, p.name, p.type)).toList());
        insert(
                owner,
                "staging.claims_837p (claim_id, patient_id, provider_id, payer_id, total_amount, status,"
                        + " denial_reason_code, validation_passed, processing_time_ms, processed_at)",
                10,
                claims.stream()
                        .map(c -> row(
                                c.id,
                                c.patient,
                                c.provider,
                                c.payer,
                                c.amount,
                                c.status,
                                c.reason,
                                c.validationPassed,
                                c.processingTimeMs,
                                c.processedAt))
                        .toList());
        insert(
                owner,
                "staging.claim_line_items (claim_id, line_number, procedure_code, diagnosis_code, rvu_work,"
                        + " rvu_practice_expense, rvu_malpractice)",
                7,
                lines.stream()
                        .map(l -> row(
                                l.claim, l.number, l.procedure, l.diagnosis, l.work, l.practiceExpense, l.malpractice))
                        .toList());
        insert(
                owner,
                "staging.validation_results (claim_id, rule_code, passed, validated_at)",
                4,
                validations.stream()
                        .map(v -> row(v.claim, v.rule, v.passed, v.at))
                        .toList());
        insert(
                owner,
                "staging.processing_queue (queue_name, status, enqueued_at, started_at, finished_at)",
                5,
                queueItems.stream()
                        .map(q -> row(q.queue, q.status, q.enqueuedAt, q.startedAt, q.finishedAt))
                        .toList());
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private static void insert(Connection owner, String target, int columns, List<@Nullable Object[]> rows)
            throws SQLException {
        String placeholders = "?" + ", ?".repeat(columns - 1);
        try (PreparedStatement insert =
                owner.prepareStatement("insert into " + target + " values (" + placeholders + ")")) {
            for (@Nullable Object[] row : rows) {
                for (int i = 0; i < columns; i++) {
                    insert.setObject(i + 1, row[i] instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : row[i]);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
