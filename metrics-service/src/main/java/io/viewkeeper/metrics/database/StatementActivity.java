// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import java.util.List;

/**
 * What the statements of others did between two samples; fired as a CDI event by the collector's thread.
 *
 * @param active those that were called, by user and queryid; top level only
 */
public record StatementActivity(List<Activity> active) {
    public StatementActivity {
        active = List.copyOf(active);
    }

    /**
     * @param calls positive
     * @param millis execution time of these calls
     */
    public record Activity(long userId, long queryId, long calls, double millis) {}
}
