// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.queue.Batch;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of the batch so far, for the failure's record: the transaction takes the rest with it. */
final class Progress {
    private Attempt attempt;
    private final Batch batch;
    private final Map<UUID, RefreshMethod> methods = new HashMap<>();
    /** For locks, until the present watch began to look. */
    private final Map<UUID, Long> waitedMillis = new HashMap<>();

    private @Nullable LockWatch watch;
    private boolean recording;
    private long statementBeganNanos;
    private long waitedBeforeMillis;

    Progress(Batch batch) {
        this.batch = batch;
        attempt = batch.attempts().getFirst();
    }

    /** What follows is done for this one. */
    void goesOnWith(Attempt its) {
        waitedMillis.put(attempt.runId(), lockWaitMillis());
        close();
        watch = null;
        attempt = its;
        statementBegins();
    }

    void watch(Database database, int pid) {
        watch = LockWatch.on(database, pid, attempt.policy().limits().statementTimeout());
    }

    void chose(RefreshMethod itsMethod) {
        methods.put(attempt.runId(), itsMethod);
    }

    private RefreshMethod method() {
        return methods.getOrDefault(attempt.runId(), RefreshMethod.SKIPPED);
    }

    /** One that may wait for locks; {@code statement_timeout} is counted from here. */
    void statementBegins() {
        statementBeganNanos = System.nanoTime();
        waitedBeforeMillis = lockWaitMillis();
    }

    /** All views are refreshed: what fails now is nothing that a view has done. */
    void records() {
        recording = true;
        statementBegins();
    }

    long lockWaitMillis() {
        return waitedMillis.getOrDefault(attempt.runId(), 0L) + (watch == null ? 0 : watch.waitedMillis());
    }

    /** How each of the batch ended: of a consistent group all fail with the one that did, and none but that one is blamed for it. */
    List<Ending> endings(DatabaseException failure) {
        RefreshError error = Failure.of(failure);
        RefreshError its = error.category() == ErrorCategory.STATEMENT_TIMEOUT && isSpentOnWaiting()
                ? Failure.ofWaiting(error)
                : error;
        var ending = new Ending(attempt, method(), lockWaitMillis(), its, !recording && !Failure.passes(its));
        return batch.attempts().stream()
                .map(one -> one.equals(attempt) ? ending : ending.of(one))
                .toList();
    }

    /** When in doubt, yes: a wait is retried, while a view that is blamed may be suspended. */
    private boolean isSpentOnWaiting() {
        long tookMillis =
                Duration.ofNanos(System.nanoTime() - statementBeganNanos).toMillis();
        long waited = waitedMillis.getOrDefault(attempt.runId(), 0L) + (watch == null ? 0 : watch.waitedMillisAtMost());
        return (waited - waitedBeforeMillis) * 2 > tookMillis;
    }

    void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
