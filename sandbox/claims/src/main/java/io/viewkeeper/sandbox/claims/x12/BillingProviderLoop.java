// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import org.jspecify.annotations.Nullable;

/** Loops 2000A and 2010AA. The pay-to provider and plan (2010AB, 2010AC) are others. */
final class BillingProviderLoop {

    private final Segment hierarchy;
    private @Nullable Segment name;
    private @Nullable Segment specialty;

    BillingProviderLoop(Segment hierarchy) {
        this.hierarchy = hierarchy;
    }

    Segment hierarchy() {
        return hierarchy;
    }

    void accept(Segment segment) {
        if (segment.is("PRV") && segment.element(1).equals("BI")) {
            specialty = segment;
        } else if (segment.is("NM1") && segment.element(1).equals("85")) {
            name = segment;
        }
    }

    Provider provider(Segment claim) {
        if (name == null) {
            throw claim.rejected("the claim has no billing provider (NM1*85) above it");
        }
        return ProviderName.provider(name, specialty);
    }
}
