// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.util.Optional;

/**
 * How old the data of a view is, and how old it may be.
 *
 * @param minutes never negative; infinite if the view was never refreshed
 */
public record ViewAge(ViewName view, double minutes, Duration target) {

    /** Empty if the view has no freshness target. */
    static Optional<ViewAge> of(ViewReport report) {
        return Optional.ofNullable(report.schedule().freshnessTarget())
                .map(target -> new ViewAge(report.name(), report.stalenessMinutes(), target));
    }
}
