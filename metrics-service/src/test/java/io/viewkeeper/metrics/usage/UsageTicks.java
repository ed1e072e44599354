// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import jakarta.inject.Singleton;

/** What the scheduler calls in this package. */
@Singleton
public class UsageTicks {
    private final UsageCollector collector;

    UsageTicks(UsageCollector collector) {
        this.collector = collector;
    }

    public Runnable viewReads() {
        return collector::tick;
    }
}
