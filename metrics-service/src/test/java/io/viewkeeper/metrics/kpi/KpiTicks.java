// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import jakarta.inject.Singleton;

/** What the scheduler calls in this package. */
@Singleton
public class KpiTicks {
    private final KpiBoard board;

    KpiTicks(KpiBoard board) {
        this.board = board;
    }

    public Runnable evaluation() {
        return board::evaluate;
    }
}
