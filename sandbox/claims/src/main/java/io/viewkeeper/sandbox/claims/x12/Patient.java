// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What identifies the patient, kept only until {@link PatientKey} has made a number of it. Prints as nothing, so that it
 * cannot reach a log by accident.
 */
public record Patient(
        String payerCode,
        String memberId,
        String lastName,
        String firstName,
        @Nullable LocalDate birthDate) {

    @Override
    public String toString() {
        return "Patient[withheld]";
    }
}
