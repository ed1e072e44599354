// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshMethod;
import java.time.Duration;
import java.time.Instant;

/** One finished refresh of a view, whether an event, the log or the view's state told of it. */
public record FinishedRun(
        long sequence, Instant finishedAt, boolean succeeded, RefreshMethod method, Duration duration) {

    static FinishedRun of(RefreshEvent event) {
        var run = event.run();
        return new FinishedRun(
                run.sequence(),
                run.finishedAt(),
                event instanceof RefreshCompleted,
                run.method(),
                Duration.ofMillis(run.durationMillis()));
    }
}
