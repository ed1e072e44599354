// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import org.jspecify.annotations.Nullable;

/** What an NM1 segment, and the PRV segment that goes with it, say of a provider. */
final class ProviderName {

    private ProviderName() {}

    static Provider provider(Segment nm1, @Nullable Segment prv) {
        var npi = nm1.element(8).equals("XX") ? nm1.required(9) : null;
        var taxonomy = prv == null || prv.element(3).isEmpty() ? null : prv.element(3);
        return new Provider(npi, name(nm1, npi), taxonomy);
    }

    /** A COB loop or a sender in a hurry gives a qualifier and nothing else. */
    static boolean isPresent(Segment nm1) {
        return !nm1.element(3).isEmpty() || !nm1.element(9).isEmpty();
    }

    /** An organization's name, or a person's as LAST, FIRST MIDDLE. */
    private static String name(Segment nm1, @Nullable String npi) {
        var last = nm1.element(3);
        if (last.isEmpty()) {
            return npi == null ? nm1.required(3) : "NPI " + npi;
        }
        var given = (nm1.element(4) + " " + nm1.element(5)).strip();
        return given.isEmpty() ? last : last + ", " + given;
    }
}
