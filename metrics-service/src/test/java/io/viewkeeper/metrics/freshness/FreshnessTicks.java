// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import jakarta.inject.Singleton;

/** What the scheduler calls in this package. */
@Singleton
public class FreshnessTicks {
    private final Reconciliation reconciliation;

    FreshnessTicks(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    public Runnable views() {
        return reconciliation::tick;
    }
}
