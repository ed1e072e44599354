// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Loops 2000C and 2010CA: the patient who is not the subscriber, but depends on one. */
final class PatientLoop {

    private @Nullable Segment name;
    private @Nullable LocalDate birthDate;

    void accept(Segment segment) {
        if (segment.is("NM1") && segment.element(1).equals("QC")) {
            name = segment;
        } else if (segment.is("DMG")) {
            birthDate = birthDate(segment);
        }
    }

    Patient patient(Segment claim, Payer payer, String memberId) {
        if (name == null) {
            throw claim.rejected("the claim has no patient (NM1*QC) above it");
        }
        return new Patient(payer.code(), memberId, name.element(3), name.element(4), birthDate);
    }

    static @Nullable LocalDate birthDate(Segment dmg) {
        return dmg.element(2).isEmpty() ? null : DateElement.of(dmg, 1);
    }
}
