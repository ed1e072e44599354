// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.codec.ViewStateWriter;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.event.ViewState;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells how views stand now, in the transaction that changed it: one record each on the topic of view states, a tombstone
 * for a dropped view. Call it after the change, once, with all views that the transaction changed.
 */
public final class ViewStateAnnouncer {
    private static final String REFUSAL_SEPARATOR = ": ";

    private static final String NEXT_VERSIONS =
            "/* viewkeeper:view-state-announcer */\n" + StateRows.LOCKED.formatted(StateRows.NAMED) + """
        update viewkeeper.view_state s
        set state_version = s.state_version + 1
        from locked l
        where s.view_schema = l.view_schema
          and s.view_name = l.view_name
        returning
          pg_catalog.current_database() as database,
          s.view_schema,
          s.view_name,
          s.view_oid::bigint as view_oid,
          s.state_version,
          s.view_group,
          s.refusal,
          s.suspended_at,
          s.suspended_by is not null as suspended_by_operator,
          s.schedule,
          s.freshness_target_ms,
          s.target_risk,
          s.next_due_at,
          s.data_as_of,
          s.change_noticed_at,
          s.last_run_id,
          s.last_status,
          s.last_method,
          s.last_finished_at,
          s.last_duration_ms,
          s.last_rows_changed,
          s.size_bytes,
          s.consecutive_failures,
          s.last_error_category,
          s.event_sequence,
          s.dropped_at,
          pg_catalog.clock_timestamp() as changed_at
        """;

    private static final String WRITE = """
        /* viewkeeper:view-state-announcer */
        insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
        select pg_catalog.gen_random_uuid(), 'view-state', e.key, $4, e.version, e.payload::json
        from unnest($1::text[], $2::bigint[], $3::text[]) as e (key, version, payload)
        """;

    private static final String WAKE_PUBLISHERS = """
        /* viewkeeper:view-state-announcer */
        select pg_catalog.pg_notify('viewkeeper', 'outbox')
        """;

    private static final String VIEWS = """
        /* viewkeeper:view-state-announcer */
        select view_schema, view_name
        from viewkeeper.view_state
        where dropped_at is null
        """;

    private static final String WAITING = """
        /* viewkeeper:view-state-announcer */
        select distinct aggregateid
        from viewkeeper.event_outbox
        where published_at is null
          and aggregatetype = 'view-state'
        """;

    /** @param payload null is a tombstone */
    private record Announcement(
            String key, long version, @Nullable String payload) {}

    private ViewStateAnnouncer() {}

    /**
     * Tells of all views again, but those whose state is still to be sent and those that are dropped: for a topic that has lost
     * what it held. How many it told of.
     */
    public static int announceAgain(Session session) {
        var waiting = Set.copyOf(session.query(WAITING, row -> row.getString("aggregateid")));
        List<ViewName> lost = session.query(VIEWS, ViewNames::of).stream()
                .filter(view -> !waiting.contains(view.toString()))
                .toList();
        announce(session, lost);
        return lost.size();
    }

    /** In the caller's transaction. Views that {@code viewkeeper.view_state} has no row of are passed over. */
    public static void announce(Session session, Collection<ViewName> views) {
        if (views.isEmpty()) {
            return;
        }
        List<Announcement> records = session.query(
                NEXT_VERSIONS, ViewStateAnnouncer::announcement, StateRows.schemas(views), StateRows.names(views));
        if (records.isEmpty()) {
            return;
        }
        session.update(
                WRITE,
                StateRows.column(records, Announcement::key, String[]::new),
                StateRows.column(records, Announcement::version, Long[]::new),
                StateRows.column(records, Announcement::payload, String[]::new),
                ViewState.TYPE);
        session.update(WAKE_PUBLISHERS);
    }

    private static Announcement announcement(Row row) {
        ViewName view = ViewNames.of(row);
        boolean dropped = Instants.orNull(row, "dropped_at") != null;
        return new Announcement(
                view.toString(), row.getLong("state_version"), dropped ? null : ViewStateWriter.json(state(view, row)));
    }

    private static ViewState state(ViewName view, Row row) {
        return new ViewState(
                row.getString("database"),
                view,
                row.getLong("view_oid"),
                row.getLong("state_version"),
                row.getString("view_group"),
                state(row),
                refusal(row.getString("refusal")),
                Instants.orNull(row, "suspended_at"),
                row.getBoolean("suspended_by_operator"),
                plan(row),
                Instants.orNull(row, "data_as_of"),
                Instants.orNull(row, "change_noticed_at"),
                lastRun(row),
                row.getLong("size_bytes"),
                row.getInteger("consecutive_failures"),
                category(row.getString("last_error_category")),
                row.getLong("event_sequence"),
                Instants.of(row, "changed_at"));
    }

    private static ViewState.State state(Row row) {
        if (row.getString("view_group") == null) {
            return ViewState.State.UNSCHEDULED;
        }
        if (row.getString("refusal") != null) {
            return ViewState.State.REFUSED;
        }
        return Instants.orNull(row, "suspended_at") != null ? ViewState.State.SUSPENDED : ViewState.State.SCHEDULED;
    }

    /** The column holds {@code category: reason}. */
    private static ViewState.@Nullable Refusal refusal(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int separator = text.indexOf(REFUSAL_SEPARATOR);
        return separator <= 0
                ? new ViewState.Refusal(ErrorCategory.OTHER, text)
                : new ViewState.Refusal(
                        ErrorCategory.of(text.substring(0, separator)),
                        text.substring(separator + REFUSAL_SEPARATOR.length()));
    }

    private static ViewState.Plan plan(Row row) {
        return new ViewState.Plan(
                row.getString("schedule"),
                row.getLong("freshness_target_ms"),
                row.getString("target_risk"),
                Instants.orNull(row, "next_due_at"));
    }

    private static ViewState.@Nullable LastRun lastRun(Row row) {
        UUID runId = row.getUUID("last_run_id");
        return runId == null
                ? null
                : new ViewState.LastRun(
                        runId,
                        row.getString("last_status").equals("completed"),
                        new RefreshMethod(row.getString("last_method")),
                        Instants.of(row, "last_finished_at"),
                        row.getLong("last_duration_ms"),
                        row.getLong("last_rows_changed"));
    }

    private static @Nullable ErrorCategory category(@Nullable String wireName) {
        return wireName == null ? null : ErrorCategory.of(wireName);
    }
}
