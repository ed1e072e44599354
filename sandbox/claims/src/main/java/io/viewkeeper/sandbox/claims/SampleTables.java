// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import io.viewkeeper.sandbox.claims.CodeBook.PayerProfile;
import io.viewkeeper.sandbox.claims.CodeBook.Taxonomy;
import io.viewkeeper.sandbox.claims.SampleClaim.Line;
import io.viewkeeper.sandbox.claims.SampleClaim.Outcome;
import io.viewkeeper.sandbox.claims.SampleClaim.RelativeValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Lays the sample out as rows of the base tables; the COPY statements name the columns in the order written here. */
final class SampleTables {
    static final String COPY_PROVIDERS = """
            copy staging.providers (provider_id, npi, provider_name, provider_taxonomy, provider_specialty)
            from stdin""";
    static final String COPY_PAYERS = """
            copy staging.payers (payer_id, payer_code, payer_name, payer_type)
            from stdin""";
    static final String COPY_CLAIMS = """
            copy staging.claims_837p (claim_id, claim_control_number, patient_id, provider_id, payer_id, total_amount,
              status, denial_reason_code, validation_passed, processing_time_ms, received_at, processed_at)
            from stdin""";
    static final String COPY_LINES = """
            copy staging.claim_line_items (claim_id, line_number, procedure_code, diagnosis_code, charge_amount, units,
              service_date, rvu_work, rvu_practice_expense, rvu_malpractice)
            from stdin""";
    static final String COPY_VALIDATION_RESULTS = """
            copy staging.validation_results (claim_id, rule_code, severity, passed, validated_at)
            from stdin""";
    static final String COPY_QUEUE = """
            copy staging.processing_queue (queue_name, claim_id, status, attempts, enqueued_at, started_at, finished_at)
            from stdin""";

    private static final List<String> QUEUES = List.of("intake", "validation", "adjudication", "remittance");

    private record Rule(String code, String severity) {}

    private static final List<Rule> RULES = List.of(
            new Rule("BILLING_NPI", "error"),
            new Rule("DIAGNOSIS_POINTERS", "error"),
            new Rule("AMOUNTS_BALANCE", "error"),
            new Rule("SERVICE_DATES", "error"),
            new Rule("POSSIBLE_DUPLICATE", "warning"),
            new Rule("TIMELY_FILING", "info"));
    private static final int ERROR_RULES = 4;

    private SampleTables() {}

    static void providers(GeneratorOptions options, CodeBook codes, CopyText rows) {
        var taxonomies = WeightedChoice.of(
                codes.taxonomies().size(), i -> codes.taxonomies().get(i).weight());
        var random = new SplittableRandom(options.seed());
        for (long id = 1; id <= options.providers(); id++) {
            Taxonomy taxonomy = codes.taxonomies().get(taxonomies.draw(random));
            // An NPI begins with 1 or 2: one that begins with 9 is nobody's.
            rows.number(id)
                    .text("9%09d".formatted(random.nextInt(1_000_000_000)))
                    .text("%s Group %d".formatted(taxonomy.specialty(), id))
                    .text(taxonomy.code())
                    .text(taxonomy.specialty())
                    .endRow();
        }
    }

    static void payers(CodeBook codes, CopyText rows) {
        long id = 1;
        for (PayerProfile payer : codes.payers()) {
            rows.number(id++)
                    .text(payer.code())
                    .text(payer.name())
                    .text(payer.type())
                    .endRow();
        }
    }

    static void claim(SampleClaim claim, CopyText rows) {
        Outcome outcome = claim.outcome();
        rows.number(claim.claimId())
                .text(claim.controlNumber())
                .number(claim.patientId())
                .number(claim.providerId())
                .number(claim.payerId())
                .hundredths(claim.amountCents())
                .text(outcome.status())
                .text(outcome.denialReasonCode())
                .bool(outcome.validationPassed())
                .number(outcome.processingTimeMillis())
                .instant(claim.receivedAt())
                .instant(outcome.processedAt())
                .endRow();
    }

    static void lines(SampleClaim claim, CopyText rows) {
        for (Line line : claim.lines()) {
            RelativeValue value = line.relativeValue();
            rows.number(claim.claimId())
                    .number(line.lineNumber())
                    .text(line.procedureCode())
                    .text(line.diagnosisCode())
                    .hundredths(line.chargeCents())
                    .number(line.units())
                    .date(line.serviceDate())
                    .hundredths(value == null ? null : Long.valueOf(value.workHundredths()))
                    .hundredths(value == null ? null : value.practiceExpenseHundredths())
                    .hundredths(value == null ? null : Long.valueOf(value.malpracticeHundredths()))
                    .endRow();
        }
    }

    static void validationResults(SampleClaim claim, CopyText rows) {
        Instant validatedAt =
                claim.receivedAt().plusMillis(Math.min(2_000, passage(claim).toMillis() / 4));
        validationResults(claim.claimId(), claim.outcome().validationPassed(), validatedAt, rows);
    }

    /** One row for each rule; of a claim that did not pass, one of the rules that are errors failed. */
    static void validationResults(long claimId, @Nullable Boolean passed, Instant validatedAt, CopyText rows) {
        if (passed == null) {
            return;
        }
        for (int i = 0; i < RULES.size(); i++) {
            Rule rule = RULES.get(i);
            boolean rulePassed = i < ERROR_RULES ? passed || claimId % ERROR_RULES != i : (claimId + i) % 37 != 0;
            rows.number(claimId)
                    .text(rule.code())
                    .text(rule.severity())
                    .bool(rulePassed)
                    .instant(validatedAt)
                    .endRow();
        }
    }

    /** A processed claim has left all queues (a failed one is stuck in the third); a waiting one is in the first two. */
    static void queueItems(SampleClaim claim, CopyText rows) {
        Duration step = passage(claim).dividedBy(QUEUES.size());
        boolean processed = claim.outcome().processedAt() != null;
        boolean failed = claim.outcome().status().equals("failed");
        int queues = processed ? failed ? 3 : QUEUES.size() : 1 + (int) (claim.claimId() % 2);
        for (int i = 0; i < queues; i++) {
            boolean last = i == queues - 1;
            String status = !last || (processed && !failed) ? "completed" : failed ? "failed" : openStatus(claim);
            Instant enqueuedAt = claim.receivedAt().plus(step.multipliedBy(i));
            rows.text(QUEUES.get(i))
                    .number(claim.claimId())
                    .text(status)
                    .number(status.equals("failed") ? 3 : status.equals("queued") ? 0 : 1)
                    .instant(enqueuedAt)
                    .instant(status.equals("queued") ? null : enqueuedAt.plus(step.dividedBy(2)))
                    .instant(status.equals("completed") || status.equals("failed") ? enqueuedAt.plus(step) : null)
                    .endRow();
        }
    }

    private static String openStatus(SampleClaim claim) {
        return claim.claimId() % 10 == 0 ? "processing" : "queued";
    }

    /** From receipt to the end of processing; a waiting claim is taken to have moved for a moment. */
    private static Duration passage(SampleClaim claim) {
        Instant processedAt = claim.outcome().processedAt();
        return processedAt == null ? Duration.ofMillis(400) : Duration.between(claim.receivedAt(), processedAt);
    }
}
