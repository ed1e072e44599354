// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

/**
 * What the settings say of one view.
 *
 * @param group whose schedule it follows
 * @param priority of several due views the one with the highest number goes first
 * @param consistent refreshed together with its whole group, in one snapshot
 * @param vacuumAfter share of the view's rows, 0 to 1 and above, whose change is followed by VACUUM; 0: never
 */
public record ViewPolicy(
        String group,
        Timing timing,
        PlainRefresh plainRefresh,
        Limits limits,
        Retry retry,
        int priority,
        boolean consistent,
        double vacuumAfter) {

    public ViewPolicy {
        if (!(vacuumAfter >= 0)) {
            throw new IllegalArgumentException("vacuum-after must not be negative");
        }
    }
}
