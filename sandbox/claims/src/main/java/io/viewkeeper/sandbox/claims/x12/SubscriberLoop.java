// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Loops 2000B, 2010BA and 2010BB: who is insured, and by whom. */
final class SubscriberLoop {

    private final Segment hierarchy;
    private @Nullable Segment name;
    private @Nullable Segment payerName;
    private @Nullable LocalDate birthDate;
    private String claimFiling = "";

    SubscriberLoop(Segment hierarchy) {
        this.hierarchy = hierarchy;
    }

    Segment hierarchy() {
        return hierarchy;
    }

    void accept(Segment segment) {
        switch (segment.id()) {
            case "SBR" -> claimFiling = segment.element(9);
            case "DMG" -> birthDate = PatientLoop.birthDate(segment);
            case "NM1" -> {
                switch (segment.element(1)) {
                    case "IL" -> name = segment;
                    case "PR" -> payerName = segment;
                    default -> {
                        // Nobody else here is ours.
                    }
                }
            }
            default -> {
                // Addresses, references, contacts.
            }
        }
    }

    Payer payer(Segment claim) {
        if (payerName == null) {
            throw claim.rejected("the claim has no payer (NM1*PR) above it");
        }
        var code = payerName.required(9);
        var name = payerName.element(3).isEmpty() ? code : payerName.element(3);
        return new Payer(code, name, PayerType.ofClaimFiling(claimFiling));
    }

    String memberId(Segment claim) {
        return name(claim).element(9);
    }

    Patient patient(Segment claim, Payer payer) {
        var person = name(claim);
        return new Patient(payer.code(), person.element(9), person.element(3), person.element(4), birthDate);
    }

    private Segment name(Segment claim) {
        if (name == null) {
            throw claim.rejected("the claim has no subscriber (NM1*IL) above it");
        }
        return name;
    }
}
