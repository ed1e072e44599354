// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people and SQL functions change in {@code viewkeeper.view_state}; in the caller's transaction. */
public final class CommandState {

    // A view that is being refreshed becomes due again: its request is for data newer than that run's snapshot.
    private static final String REQUEST = "/* viewkeeper:view-states */\n"
            + StateRows.LOCKED.replace("with locked", """
        with asked as (
          select a.view_group, a.view_schema, a.view_name, a.requested_by
          from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as a (view_group, view_schema, view_name, requested_by)
        ),
        locked""").formatted("""
        s.dropped_at is null
            and (s.pending_run_id is null or coalesce(s.next_due_at > $5, true))
            and s.refusal is null
            and s.suspended_at is null
            and s.view_group is not null
            and not (s.consistent and exists (
              select
              from viewkeeper.view_state m
              where m.view_group = s.view_group
                and m.dropped_at is null
                and m.suspended_at is not null
            ))
            and exists (
              select
              from asked a
              where a.view_group = s.view_group
                or (a.view_schema = s.view_schema and a.view_name = s.view_name)
            )""") + """
        update viewkeeper.view_state s
        set
          next_due_at = least(s.next_due_at, $5),
          due_trigger = case when s.pending_run_id is null then 'request' else s.due_trigger end,
          requested_by = coalesce(
            s.requested_by,
            (
              select min(a.requested_by)
              from asked a
              where a.view_group = s.view_group
                or (a.view_schema = s.view_schema and a.view_name = s.view_name)
            )),
          pending_run_id = coalesce(s.pending_run_id, pg_catalog.gen_random_uuid())
        from locked l
        where s.view_schema = l.view_schema
          and s.view_name = l.view_name
        returning s.view_schema, s.view_name
        """;

    // Who asked first stays in the row; the command log knows all. A view that is overdue keeps its place in the
    // queue. What would change nothing is not written: a consistent group that is being refreshed would have to begin
    // anew.
    private static final String MAKE_DUE = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state s
        set
          pending_run_id = v.run_id,
          next_due_at = least(s.next_due_at, pg_catalog.clock_timestamp()),
          due_trigger = case when s.pending_run_id is null then 'manual' else s.due_trigger end,
          requested_by = case when s.pending_run_id is null then $4 else s.requested_by end
        from unnest($1::text[], $2::text[], $3::uuid[]) as v (view_schema, view_name, run_id)
        where s.view_schema = v.view_schema
          and s.view_name = v.view_name
          and (s.pending_run_id is null or coalesce(s.next_due_at > pg_catalog.clock_timestamp(), true))
        """;

    private static final String FORGET_PENDING = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state
        set
          pending_run_id = null,
          requested_by = null,
          due_trigger = 'schedule',
          next_due_at = coalesce($3, next_due_at)
        where view_schema = $1
          and view_name = $2
        """;

    private static final String SUSPEND = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state s
        set
          suspended_at = pg_catalog.clock_timestamp(),
          suspended_by = $3,
          suspended_reason = $4,
          next_due_at = null,
          pending_run_id = null,
          requested_by = null,
          due_trigger = 'schedule'
        where %s
        returning s.suspended_at
        """.formatted(StateRows.NAMED);

    private static final String RESUME = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state s
        set
          suspended_at = null,
          suspended_by = null,
          suspended_reason = null,
          consecutive_failures = 0,
          lasting_failures = 0,
          cause_mark = null,
          due_trigger = 'schedule',
          next_due_at =
            case when refusal is null and view_group is not null then pg_catalog.clock_timestamp() end
        where %s
        """.formatted(StateRows.NAMED);

    private CommandState() {}

    /**
     * What an SQL function asked for.
     *
     * @param group whose views are all asked for; null: one view is
     */
    public record Request(
            @Nullable String group,
            @Nullable String schema,
            @Nullable String name,
            @Nullable String by) {}

    /** Requested views are due, those left out that are refused, suspended or in no group; tells which became due. */
    public static List<ViewName> request(Session session, List<Request> requests, Instant now) {
        return session.query(
                REQUEST,
                ViewNames::of,
                StateRows.column(requests, Request::group, String[]::new),
                StateRows.column(requests, Request::schema, String[]::new),
                StateRows.column(requests, Request::name, String[]::new),
                StateRows.column(requests, Request::by, String[]::new),
                Instants.parameter(now));
    }

    /** A run that somebody follows. */
    public record Pending(ViewName view, UUID runId) {}

    /** Views that are locked and can be refreshed are due now; each gets the run, or keeps the one that it has. */
    public static void makeDue(Session session, List<Pending> runs, String by) {
        session.update(
                MAKE_DUE,
                StateRows.column(runs, one -> one.view().schema(), String[]::new),
                StateRows.column(runs, one -> one.view().name(), String[]::new),
                StateRows.column(runs, Pending::runId, UUID[]::new),
                by);
    }

    /** A pending run of a locked view will not be; it is due next then, null: when it was. */
    public static void forgetPending(Session session, ViewName view, @Nullable Instant next) {
        session.update(FORGET_PENDING, view.schema(), view.name(), Instants.parameter(next));
    }

    /** Views that are locked are not refreshed until somebody resumes them; tells since when. */
    public static Instant suspend(Session session, List<ViewName> views, String by, @Nullable String reason) {
        return session.query(
                        SUSPEND,
                        row -> Instants.of(row, "suspended_at"),
                        StateRows.schemas(views),
                        StateRows.names(views),
                        by,
                        reason)
                .getFirst();
    }

    /** Suspended views that are locked are due now, and their failures forgotten. */
    public static void resume(Session session, List<ViewName> views) {
        session.update(RESUME, StateRows.schemas(views), StateRows.names(views));
    }
}
