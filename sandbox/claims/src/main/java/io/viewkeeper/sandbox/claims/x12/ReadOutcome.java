// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.util.List;

/** What reading one file gave: all of its claims, or the reason why it has none for us. */
public sealed interface ReadOutcome {

    /** The whole file is sound: its claims in file order, and the envelopes that were counted and found right. */
    record Accepted(List<Claim> claims, EnvelopeCounts counts) implements ReadOutcome {
        public Accepted {
            claims = List.copyOf(claims);
        }
    }

    /** Nothing of the file may be used. */
    record Rejected(Rejection rejection) implements ReadOutcome {}
}
