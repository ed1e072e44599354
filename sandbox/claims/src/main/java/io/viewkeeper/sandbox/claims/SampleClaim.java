// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A generated claim with its lines: one row of staging.claims_837p and the rows of claim_line_items that belong to it. */
record SampleClaim(
        long claimId,
        String controlNumber,
        long patientId,
        @Nullable Long providerId,
        @Nullable Long payerId,
        long amountCents,
        Outcome outcome,
        Instant receivedAt,
        List<Line> lines) {

    /** What became of the claim; {@code processedAt} is null while nothing has. */
    record Outcome(
            String status,
            @Nullable String denialReasonCode,
            @Nullable Boolean validationPassed,
            @Nullable Integer processingTimeMillis,
            @Nullable Instant processedAt) {}

    /** Relative value units are hundredths, units included. */
    record Line(
            int lineNumber,
            @Nullable String procedureCode,
            @Nullable String diagnosisCode,
            long chargeCents,
            int units,
            LocalDate serviceDate,
            @Nullable RelativeValue relativeValue) {}

    record RelativeValue(long workHundredths, @Nullable Long practiceExpenseHundredths, long malpracticeHundredths) {}
}
