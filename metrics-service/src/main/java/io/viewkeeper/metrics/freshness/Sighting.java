// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.consumer.EventOutcome;

/**
 * What an event changed.
 *
 * @param runIsNew the run finished after this process had started and was not counted before
 * @param deliveryIsNew the same of the event: its time on the way is worth measuring
 */
record Sighting(EventOutcome outcome, boolean runIsNew, boolean deliveryIsNew) {
    static final Sighting NOTHING = new Sighting(EventOutcome.STALE, false, false);
}
