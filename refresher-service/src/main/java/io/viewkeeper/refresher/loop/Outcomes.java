// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.loop;

import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.queue.Batch;
import io.viewkeeper.refresher.run.OutcomeLog;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.refresher.run.Vacuum;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** What follows the end of a run: a line in the log, whoever listens, VACUUM. None of it can take the others' turn away. */
final class Outcomes {
    private static final Logger LOG = Logger.getLogger(Outcomes.class);

    private final OutcomeLog log = new OutcomeLog();
    private final Vacuum vacuum;
    private final Consumer<RefreshOutcome> listener;

    Outcomes(Vacuum vacuum, Consumer<RefreshOutcome> listener) {
        this.vacuum = vacuum;
        this.listener = listener;
    }

    /** A run of somebody who is dead. */
    void settled(RefreshOutcome outcome) {
        safely(() -> log.write(outcome));
        safely(() -> listener.accept(outcome));
    }

    /** A run of the batch; tells whether it has filled a view for the first time. */
    boolean ended(RefreshOutcome outcome, Batch batch) {
        settled(outcome);
        if (!(outcome instanceof RefreshOutcome.Completed(var event))) {
            return false;
        }
        Optional<Attempt> attempt = batch.attempts().stream()
                .filter(one -> one.runId().equals(event.run().runId()))
                .findFirst();
        attempt.ifPresent(one -> safely(() -> vacuum.after(event, one.policy())));
        return attempt.filter(one -> one.last().readAt() == null).isPresent();
    }

    private static void safely(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException failure) {
            LOG.warnf(
                    failure,
                    "state=unheard reason=\"what follows a refresh has failed; the refresh itself is recorded\"");
        }
    }
}
