// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one view was read.
 *
 * @param calls of statements that read it, since the process started
 * @param millis what these calls took
 * @param callsInWindow those of the sliding window
 * @param meanMillis of the window
 * @param notReadFor how long it was certainly not read, up to when that is known
 * @param feeds the materialized views that are computed from it
 */
record ViewReads(
        ViewName view,
        long calls,
        double millis,
        long callsInWindow,
        OptionalDouble meanMillis,
        @Nullable Instant lastRead,
        Duration notReadFor,
        Set<ViewName> feeds) {
    ViewReads {
        feeds = Set.copyOf(feeds);
    }
}
