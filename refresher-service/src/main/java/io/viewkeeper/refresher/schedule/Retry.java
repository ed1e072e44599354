// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import java.time.Duration;
import java.util.Optional;

/**
 * What follows a failure.
 *
 * @param firstDelay before the second try, where trying again can help; doubled each time
 * @param longestDelay the doubling ends here
 * @param suspendAfter failures of a kind that lasts, since the last good refresh, that suspend the view
 * @param resumeAfter the longest pause of a suspended view; empty: somebody must resume it
 */
public record Retry(Duration firstDelay, Duration longestDelay, int suspendAfter, Optional<Duration> resumeAfter) {

    public Retry {
        require(firstDelay.toMillis() > 0, "retry-delay must be at least 1 ms");
        require(longestDelay.compareTo(firstDelay) >= 0, "longest-retry-delay must not be shorter than retry-delay");
        require(suspendAfter >= 1, "suspend-after must be at least 1");
        require(resumeAfter.map(Duration::isPositive).orElse(true), "resume-after must be longer than nothing");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
