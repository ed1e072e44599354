package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.schema.database.Instants;
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

    private static final String REFUSE = """
        /* viewkeeper:refusals */
        update viewkeeper.view_state
        set
          event_sequence = event_sequence + 1,
          last_run_id = $3,
          last_status = 'failed',
          last_method = 'skipped',
          last_started_at = pg_catalog.clock_timestamp(),
          last_finished_at = pg_catalog.clock_timestamp(),
          last_duration_ms = 0,
          last_rows_changed = null,
          consecutive_failures = consecutive_failures + 1,
          last_error_category = $4,
          last_error_message = $5
        where view_schema = $1
          and view_name = $2
          and not (last_status is not distinct from 'failed' and last_error_message is not distinct from $5)
        returning
          event_sequence, consecutive_failures, data_as_of, last_finished_at, pg_catalog.current_database() as database
        """;

    private final String instance;

    public Refusals(String instance) {
        this.instance = instance;
    }

    /** In the transaction that registers the view's refusal. Not said again where the last run has failed for this reason. */
    public void announce(Session session, MaterializedView view, ViewPolicy policy, Method.Refuse refusal) {
        var error = new RefreshError(refusal.category(), null, refusal.reason(), false);
        var runId = UUID.randomUUID();
        session.queryFirst(
                        REFUSE,
                        row -> new RefreshFailed(
                                new RefreshRun(
                                        runId,
                                        row.getString("database"),
                                        view.name(),
                                        view.oid(),
                                        policy.group(),
                                        row.getLong("event_sequence"),
                                        row.getInteger("consecutive_failures"),
                                        RefreshTrigger.SCHEDULE,
                                        RefreshMethod.SKIPPED,
                                        Instants.of(row, "last_finished_at"),
                                        Instants.of(row, "last_finished_at"),
                                        null,
                                        null,
                                        Instants.of(row, "last_finished_at"),
                                        0,
                                        0,
                                        instance),
                                error,
                                row.getInteger("consecutive_failures"),
                                null,
                                false,
                                Instants.orNull(row, "data_as_of")),
                        view.name().schema(),
                        view.name().name(),
                        runId,
                        error.category().wireName(),
                        error.message())
                .ifPresent(event -> RunHistory.write(session, event, null));
    }
}
