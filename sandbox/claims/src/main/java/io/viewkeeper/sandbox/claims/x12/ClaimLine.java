// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One service line (loop 2400). {@code diagnosisCode} is the code of the first diagnosis pointer, as the file spells it:
 * ICD-10-CM, or ICD-9-CM in older files, without a dot; null where the line points to none. {@code serviceDate} is the
 * first day of a range.
 */
public record ClaimLine(
        int number,
        String procedureCode,
        @Nullable String diagnosisCode,
        BigDecimal charge,
        BigDecimal units,
        LocalDate serviceDate) {}
