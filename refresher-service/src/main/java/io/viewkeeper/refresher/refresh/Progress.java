package io.viewkeeper.refresher.refresh;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.RefreshMethod;
import org.jspecify.annotations.Nullable;

/** What is known of the batch so far, for the failure's record: the transaction takes the rest with it. */
final class Progress {
    Attempt attempt;
    RefreshMethod method = RefreshMethod.SKIPPED;
    /** As its begin has found out, see {@link Mark#in}. */
    boolean mayAskForMark = true;

    private @Nullable LockWatch watch;

    Progress(Attempt first) {
        attempt = first;
    }

    void begins(Attempt its) {
        close();
        attempt = its;
        method = RefreshMethod.SKIPPED;
        watch = null;
    }

    void watch(Database database, int pid) {
        watch = LockWatch.on(database, pid);
    }

    long lockWaitMillis() {
        return watch == null ? 0 : watch.waitedMillis();
    }

    RunRecorder.Ending ending() {
        return new RunRecorder.Ending(attempt, method, lockWaitMillis());
    }

    void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
