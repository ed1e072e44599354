// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One professional claim (loop 2300) with what it inherits from the levels above it. {@code totalAmount} (CLM02, US
 * dollars, scale 2) equals the sum of the lines' charges. {@code segmentNumber} is where its CLM stands in the file.
 */
public record Claim(
        String controlNumber,
        Patient patient,
        Provider billingProvider,
        @Nullable Provider renderingProvider,
        Payer payer,
        BigDecimal totalAmount,
        List<ClaimLine> lines,
        int segmentNumber) {

    public Claim {
        lines = List.copyOf(lines);
    }

    /**
     * Whose claim it is: the provider who bills (2010AA). Who bills for himself may state his taxonomy once, where he is
     * the rendering provider (2310B).
     */
    public Provider provider() {
        if (billingProvider.taxonomy() == null
                && renderingProvider != null
                && billingProvider.npi() != null
                && billingProvider.npi().equals(renderingProvider.npi())) {
            return new Provider(billingProvider.npi(), billingProvider.name(), renderingProvider.taxonomy());
        }
        return billingProvider;
    }
}
