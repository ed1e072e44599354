package io.viewkeeper.refresher.refresh;

import org.jboss.logging.Logger;

/** One line for each refresh that changed something that an operator may ask about. */
final class OutcomeLog {
    private static final Logger LOG = Logger.getLogger(OutcomeLog.class);

    private OutcomeLog() {}

    static void write(RefreshOutcome outcome) {
        switch (outcome) {
            case RefreshOutcome.Completed(var event) ->
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
            case RefreshOutcome.Failed(var event) ->
                LOG.warnf(
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
            case RefreshOutcome.Unrecorded(var cause) ->
                LOG.warnf("state=unrecorded it is settled when PostgreSQL is back, reason=%s", cause.getMessage());
        }
    }
}
