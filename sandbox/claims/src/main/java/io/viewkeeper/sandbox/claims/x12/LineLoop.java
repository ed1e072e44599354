// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loop 2400: SV1 and the service date. The loops inside of it (drug identification 2410, providers 2420, adjudication
 * by other payers 2430, forms 2440) say nothing that we keep, and use other qualifiers than ours.
 */
final class LineLoop {

    /** One or two digits; some translators write every number with decimals. */
    private static final Pattern POINTER = Pattern.compile("0*([1-9]\\d?)(\\.0*)?");

    /** Units: {@code numeric(12,3)} holds more than the guide allows. */
    private static final BigDecimal UNITS_LIMIT = new BigDecimal("1000000000");

    private final Segment lx;
    private final int number;
    private final Composites composites;
    private final List<String> diagnoses;
    private @Nullable Segment service;
    private @Nullable LocalDate serviceDate;

    LineLoop(Segment lx, int number, Composites composites, List<String> diagnoses) {
        this.lx = lx;
        this.number = number;
        this.composites = composites;
        this.diagnoses = diagnoses;
    }

    void accept(Segment segment) {
        if (segment.is("SV1")) {
            if (service != null) {
                throw segment.rejected("a second SV1 in one service line");
            }
            service = segment;
        } else if (segment.is("DTP") && segment.element(1).equals("472")) {
            serviceDate = DateElement.of(segment, 2);
        }
    }

    ClaimLine finish() {
        if (service == null) {
            throw lx.rejected("the service line has no SV1");
        }
        if (serviceDate == null) {
            throw lx.rejected("the service line has no service date (DTP*472)");
        }
        return new ClaimLine(
                number, procedureCode(service), diagnosisCode(service), service.amount(2), units(service), serviceDate);
    }

    private String procedureCode(Segment sv1) {
        var components = composites.of(sv1, 1);
        if (components.size() < 2 || components.get(1).isEmpty()) {
            throw sv1.rejected("SV101-2, the procedure code, is missing");
        }
        return components.get(1);
    }

    private static BigDecimal units(Segment sv1) {
        var units = sv1.decimal(4);
        if (units.signum() < 0 || units.stripTrailingZeros().scale() > 3 || units.compareTo(UNITS_LIMIT) >= 0) {
            throw sv1.rejected("SV104 is not a quantity with at most three decimals");
        }
        return units;
    }

    /** The first pointer is the line's principal diagnosis; the others must exist all the same. */
    private @Nullable String diagnosisCode(Segment sv1) {
        String principal = null;
        for (var pointer : composites.of(sv1, 7)) {
            if (pointer.isEmpty()) {
                continue;
            }
            var code = diagnosis(sv1, pointer);
            principal = principal == null ? code : principal;
        }
        return principal;
    }

    private String diagnosis(Segment sv1, String pointer) {
        var digits = POINTER.matcher(pointer);
        if (!digits.matches()) {
            throw sv1.rejected("SV107 is not a diagnosis pointer");
        }
        var position = Integer.parseInt(digits.group(1));
        if (position > diagnoses.size()) {
            throw sv1.rejected(
                    "SV107 points to diagnosis %d, the claim has %d (HI)".formatted(position, diagnoses.size()));
        }
        return diagnoses.get(position - 1);
    }
}
