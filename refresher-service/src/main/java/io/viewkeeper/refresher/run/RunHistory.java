// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.codec.EventWriter;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A finished run's row in the log and its event in the outbox, written in the transaction that settles the run. */
final class RunHistory {
    private static final String LOG = """
        /* viewkeeper:run-history */
        insert into analytics.view_refresh_log (
          run_id, view_schema, view_name, view_oid, view_group, trigger, method, status, scheduled_at, started_at,
          data_as_of, refresh_time, duration_ms, lock_wait_ms, attempt, sequence, instance,
          rows_inserted, rows_updated, rows_deleted, size_bytes, error_category, sqlstate, error_message,
          requested_by, read_at, changed)
        values (
          $1, $2, $3, $4::bigint::oid, $5, $6, $7, $8, $9, $10,
          $11, $12, $13, $14, $15, $16, $17,
          $18, $19, $20, $21, $22, $23, $24,
          $25, $26, $27)
        """;

    // The publishers of all replicas are woken when this is committed.
    private static final String ANNOUNCE = """
        /* viewkeeper:run-history */
        insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
        values ($1, 'refresh', $2, $3, $4, $5::text::json)
        returning pg_catalog.pg_notify('viewkeeper', 'outbox')
        """;

    private RunHistory() {}

    static void write(Session session, RefreshEvent event, @Nullable String requestedBy) {
        log(session, event, requestedBy);
        session.update(
                ANNOUNCE,
                UUID.randomUUID(),
                event.run().view().toString(),
                event.type(),
                event.run().sequence(),
                EventWriter.json(event));
    }

    private static void log(Session session, RefreshEvent event, @Nullable String requestedBy) {
        RefreshRun run = event.run();
        @Nullable RefreshCompleted completed = event instanceof RefreshCompleted good ? good : null;
        @Nullable RefreshError error = event instanceof RefreshFailed bad ? bad.error() : null;
        session.update(
                LOG,
                run.runId(),
                run.view().schema(),
                run.view().name(),
                run.viewOid(),
                run.group(),
                run.trigger().wireName(),
                run.method().wireName(),
                completed == null ? "failed" : "completed",
                Instants.parameter(run.scheduledAt()),
                Instants.parameter(run.startedAt()),
                Instants.parameter(run.dataAsOf()),
                Instants.parameter(run.finishedAt()),
                run.durationMillis(),
                run.lockWaitMillis(),
                run.attempt(),
                run.sequence(),
                run.instance(),
                completed == null ? null : completed.rowsInserted(),
                completed == null ? null : completed.rowsUpdated(),
                completed == null ? null : completed.rowsDeleted(),
                completed == null ? null : completed.sizeBytes(),
                error == null ? null : error.category().wireName(),
                error == null ? null : error.sqlState(),
                error == null ? null : error.message(),
                requestedBy,
                Instants.parameter(run.readAt()),
                completed == null ? null : completed.changed());
    }
}
