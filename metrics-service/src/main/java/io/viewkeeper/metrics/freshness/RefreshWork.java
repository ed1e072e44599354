// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import java.time.Duration;

/**
 * What keeping a view fresh took since this process started.
 *
 * @param completed successful refreshes
 * @param time of all refreshes, good or bad
 */
public record RefreshWork(long completed, Duration time) {
    public static final RefreshWork NONE = new RefreshWork(0, Duration.ZERO);
}
