// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.state.RunState;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import java.util.UUID;

/**
 * A view that cannot be refreshed as wished is a failed run that nobody will repeat: said once in history and events, when
 * the reason is found or changes.
 */
public final class Refusals {

    private final String instance;

    public Refusals(String instance) {
        this.instance = instance;
    }

    /** In the transaction that registers the view's refusal. Not said again where the last run has failed for this reason. */
    public void announce(Session session, MaterializedView view, ViewPolicy policy, Method.Refuse refusal) {
        var error = new RefreshError(refusal.category(), null, refusal.reason(), false);
        var runId = UUID.randomUUID();
        RunState.refuse(session, view.name(), runId, error)
                .map(run -> new RefreshFailed(
                        new RefreshRun(
                                runId,
                                run.database(),
                                view.name(),
                                view.oid(),
                                policy.group(),
                                run.sequence(),
                                run.failures(),
                                RefreshTrigger.SCHEDULE,
                                RefreshMethod.SKIPPED,
                                run.at(),
                                run.at(),
                                null,
                                null,
                                run.at(),
                                0,
                                0,
                                instance),
                        error,
                        run.failures(),
                        null,
                        false,
                        run.dataAsOf()))
                .ifPresent(event -> RunHistory.write(session, event, null));
    }
}
