// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import java.util.Collection;

/**
 * How many views are in which state, as of the last search of the catalog. A view is in one of the first four.
 *
 * @param atRisk of those scheduled, the ones that cannot meet their freshness target
 */
public record Census(long scheduled, long refused, long suspended, long unscheduled, long atRisk) {

    static final Census NONE = new Census(0, 0, 0, 0, 0);

    static Census of(Collection<RegisteredView> views) {
        long scheduled = 0;
        long refused = 0;
        long suspended = 0;
        long unscheduled = 0;
        long atRisk = 0;
        for (RegisteredView view : views) {
            if (view.group() == null) {
                unscheduled++;
            } else if (view.refusal() != null) {
                refused++;
            } else if (view.suspendedAt() != null) {
                suspended++;
            } else {
                scheduled++;
                atRisk += view.atRisk() ? 1 : 0;
            }
        }
        return new Census(scheduled, refused, suspended, unscheduled, atRisk);
    }
}
