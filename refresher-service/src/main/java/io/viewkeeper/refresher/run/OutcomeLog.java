// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.log.Trouble;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * One line for each refresh that changed something that an operator may ask about. Of a view that fails again and again, of the
 * first failure, the second, the fourth, the eighth …, of another kind of failure, and of its suspension; the history has all.
 */
public final class OutcomeLog {
    private static final Logger LOG = Logger.getLogger(OutcomeLog.class);

    /** Views that fail: how they did the last time. */
    private final Map<ViewName, ErrorCategory> failing = new ConcurrentHashMap<>();

    private final Trouble unrecorded = new Trouble();

    public void write(RefreshOutcome outcome) {
        switch (outcome) {
            case RefreshOutcome.Completed(var event) -> {
                failing.remove(event.run().view());
                LOG.infof(
                        "view=%s run=%s state=completed group=%s method=%s trigger=%s attempt=%d durationMs=%d changed=%s",
                        event.run().view(),
                        event.run().runId(),
                        event.run().group(),
                        event.run().method().wireName(),
                        event.run().trigger().wireName(),
                        event.run().attempt(),
                        event.run().durationMillis(),
                        event.changed());
            }
            case RefreshOutcome.Failed(var event) ->
                LOG.logf(
                        isWorthALine(event) ? Logger.Level.WARN : Logger.Level.DEBUG,
                        "view=%s run=%s state=failed group=%s category=%s sqlState=%s failures=%d suspended=%s nextAttemptAt=%s message=%s",
                        event.run().view(),
                        event.run().runId(),
                        event.run().group(),
                        event.error().category().wireName(),
                        event.error().sqlState(),
                        event.consecutiveFailures(),
                        event.suspended(),
                        event.nextAttemptAt(),
                        event.error().message());
            case RefreshOutcome.Skipped(var reason) -> LOG.debugf("state=skipped reason=%s", reason);
            case RefreshOutcome.Unrecorded(var cause) -> {
                if (unrecorded.isWorthALine()) {
                    LOG.warnf("state=unrecorded it is settled when PostgreSQL is back, reason=%s", cause.getMessage());
                }
            }
        }
    }

    private boolean isWorthALine(RefreshFailed event) {
        ErrorCategory category = event.error().category();
        boolean another = !category.equals(failing.put(event.run().view(), category));
        return another || event.suspended() || Integer.bitCount(event.consecutiveFailures()) == 1;
    }
}
