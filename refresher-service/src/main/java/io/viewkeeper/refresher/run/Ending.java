// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshMethod;

/**
 * How an attempt failed.
 *
 * @param lasts whether the view itself has failed, in a way that does not pass by itself: only that counts toward its suspension
 */
record Ending(Attempt attempt, RefreshMethod method, long lockWaitMillis, RefreshError error, boolean lasts) {

    /** One of which nothing is known but that it ended. */
    static Ending unseen(Attempt attempt, RefreshError error) {
        return new Ending(attempt, RefreshMethod.SKIPPED, 0, error, false);
    }

    /** What that does to another one of the same consistent group. */
    Ending of(Attempt other) {
        return unseen(
                other,
                new RefreshError(
                        error.category(),
                        null,
                        "its group is consistent, and " + attempt.view() + " failed: " + error.message(),
                        error.retryable()));
    }
}
