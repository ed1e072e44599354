// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/** The kinds of payer that the workload tells apart. */
public enum PayerType {
    COMMERCIAL,
    MEDICARE,
    MEDICAID,
    TRICARE,
    OTHER;

    /** As {@code staging.payers.payer_type} spells it. */
    public String column() {
        return switch (this) {
            case COMMERCIAL -> "commercial";
            case MEDICARE -> "medicare";
            case MEDICAID -> "medicaid";
            case TRICARE -> "tricare";
            case OTHER -> "other";
        };
    }

    /** From SBR09, the claim filing indicator code; absent or unlisted codes (auto, liability, compensation) are other. */
    static PayerType ofClaimFiling(String code) {
        return switch (code) {
            // Preferred provider, point of service, exclusive provider, indemnity, dental maintenance, Blue Cross,
            // commercial, health maintenance.
            case "12", "13", "14", "15", "17", "BL", "CI", "HM" -> COMMERCIAL;
            // 16 is a health maintenance organization that carries a Medicare risk.
            case "16", "MA", "MB" -> MEDICARE;
            case "MC" -> MEDICAID;
            case "CH" -> TRICARE;
            default -> OTHER;
        };
    }
}
