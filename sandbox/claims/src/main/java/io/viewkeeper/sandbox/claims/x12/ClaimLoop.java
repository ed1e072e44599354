// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Loop 2300 with its rendering provider (2310B) and its lines. */
final class ClaimLoop {

    /** Principal and other diagnoses, ICD-10-CM and ICD-9-CM; pointers count these only. */
    private static final Set<String> DIAGNOSES = Set.of("ABK", "ABF", "BK", "BF");

    private final Segment clm;
    private final Provider billingProvider;
    private final Patient patient;
    private final Payer payer;
    private final BigDecimal totalAmount;
    private final Composites composites;
    private final List<String> diagnoses = new ArrayList<>();
    private final List<LineLoop> lines = new ArrayList<>();
    private final Set<Integer> lineNumbers = new HashSet<>();
    private String entity = "";
    private @Nullable Segment rendering;
    private @Nullable Segment renderingSpecialty;

    ClaimLoop(Segment clm, Provider billingProvider, Patient patient, Payer payer) {
        this.clm = clm;
        this.billingProvider = billingProvider;
        this.patient = patient;
        this.payer = payer;
        clm.required(1);
        totalAmount = clm.amount(2);
        composites = Composites.asUsedIn(clm);
    }

    void accept(Segment segment) {
        switch (segment.id()) {
            case "HI" -> healthCareInformation(segment);
            case "NM1" -> {
                entity = segment.element(1);
                if (entity.equals("82") && ProviderName.isPresent(segment)) {
                    rendering = segment;
                }
            }
            case "PRV" -> {
                if (entity.equals("82")) {
                    renderingSpecialty = segment;
                }
            }
            default -> {
                // Dates, references, notes, conditions, other providers.
            }
        }
    }

    void openLine(Segment lx) {
        var number = lx.count(1);
        if (number == 0) {
            throw lx.rejected("LX01 is 0");
        }
        if (!lineNumbers.add(number)) {
            throw lx.rejected("LX01 repeats the number of an earlier line of the claim");
        }
        lines.add(new LineLoop(lx, number, composites, diagnoses));
    }

    void acceptInLine(Segment segment) {
        lines.getLast().accept(segment);
    }

    Claim finish() {
        if (lines.isEmpty()) {
            throw clm.rejected("the claim has no service line (LX)");
        }
        var finished = lines.stream().map(LineLoop::finish).toList();
        var sum = finished.stream().map(ClaimLine::charge).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(totalAmount) != 0) {
            throw clm.rejected("CLM02 is %s, the charges of its %d lines (SV102) sum to %s"
                    .formatted(totalAmount.toPlainString(), finished.size(), sum.toPlainString()));
        }
        var renderingProvider = rendering == null ? null : ProviderName.provider(rendering, renderingSpecialty);
        return new Claim(
                clm.element(1),
                patient,
                billingProvider,
                renderingProvider,
                payer,
                totalAmount,
                finished,
                clm.number());
    }

    private void healthCareInformation(Segment hi) {
        for (var position = 1; position <= hi.elements().size(); position++) {
            var components = composites.of(hi, position);
            if (components.isEmpty() || components.getFirst().isEmpty()) {
                continue;
            }
            if (components.size() < 2) {
                throw hi.rejected(hi.name(position) + " is not a composite by the separator of ISA16");
            }
            if (DIAGNOSES.contains(components.getFirst())) {
                diagnoses.add(diagnosis(hi, position, components.get(1)));
            }
        }
    }

    /** X12 spells codes without their dot; senders that do not know it are understood. */
    private static String diagnosis(Segment hi, int position, String code) {
        if (code.isEmpty()) {
            throw hi.rejected(hi.name(position) + "-2, the diagnosis code, is missing");
        }
        return code.replace(".", "");
    }
}
