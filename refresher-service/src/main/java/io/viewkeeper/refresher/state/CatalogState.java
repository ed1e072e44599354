// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a search of the catalog changes in {@code viewkeeper.view_state}; in the caller's transaction. */
public final class CatalogState {

    // A view that is new, back, re-created or newly wanted is due at once, and a re-created one has no past: no
    // failures, no suspension, no durations. Where another replica was faster, nothing is returned.
    private static final String REGISTER = """
        /* viewkeeper:view-states */
        with wanted as (
          select
            v.view_schema, v.view_name, v.view_oid::oid as view_oid, v.view_group, v.refusal, v.interval_ms, v.target_ms,
            v.schedule, v.priority, v.consistent, v.input_oids::oid[] as input_oids, v.latest_at, v.jitter_ms,
            case when v.latest_at is not null then $13::timestamptz end as now_at
          from unnest(
            $1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[],
            $9::integer[], $10::boolean[], $11::text[], $12::timestamptz[], $14::bigint[])
            as v (
              view_schema, view_name, view_oid, view_group, refusal, interval_ms, target_ms, schedule,
              priority, consistent, input_oids, latest_at, jitter_ms)
        ),
        locked as (
          select s.view_schema, s.view_name
          from viewkeeper.view_state s
          where (s.view_schema, s.view_name) in (select w.view_schema, w.view_name from wanted w)
          order by s.view_schema collate "C", s.view_name collate "C"
          for no key update
        ),
        added as (
          insert into viewkeeper.view_state (
            view_schema, view_name, view_oid, view_group, refusal, interval_ms, freshness_target_ms, schedule, priority,
            consistent, input_oids, jitter_ms, next_due_at)
          select
            w.view_schema, w.view_name, w.view_oid, w.view_group, w.refusal, w.interval_ms, w.target_ms, w.schedule,
            w.priority, w.consistent, w.input_oids, w.jitter_ms, w.now_at
          from wanted w
          where not exists (
            select
            from viewkeeper.view_state s
            where s.view_schema = w.view_schema and s.view_name = w.view_name
          )
          order by w.view_schema collate "C", w.view_name collate "C"
          on conflict (view_schema, view_name) do nothing
          returning view_schema, view_name
        ),
        changed as (
          update viewkeeper.view_state s
          set
            view_oid = w.view_oid,
            view_group = w.view_group,
            refusal = w.refusal,
            interval_ms = w.interval_ms,
            freshness_target_ms = w.target_ms,
            schedule = w.schedule,
            priority = w.priority,
            consistent = w.consistent,
            input_oids = w.input_oids,
            jitter_ms = w.jitter_ms,
            next_due_at = case
              when w.now_at is null then null
              when s.dropped_at is not null or s.view_oid <> w.view_oid then w.now_at
              when s.suspended_at is not null and (
                s.suspended_by is not null or s.refusal is null and s.view_group is not null
              ) then s.next_due_at
              when s.next_due_at is null then w.now_at
              else least(s.next_due_at, w.latest_at)
            end,
            due_trigger = case when s.view_oid = w.view_oid then s.due_trigger else 'schedule' end,
            pending_run_id = case when w.view_group is not null and w.refusal is null then s.pending_run_id end,
            requested_by = case when w.view_group is not null and w.refusal is null then s.requested_by end,
            data_as_of = case when s.view_oid = w.view_oid then s.data_as_of end,
            expected_duration_ms = case when s.view_oid = w.view_oid then s.expected_duration_ms end,
            target_risk = case when s.view_oid = w.view_oid then s.target_risk end,
            read_at = case when s.view_oid = w.view_oid then s.read_at end,
            consecutive_failures = case when s.view_oid = w.view_oid then s.consecutive_failures else 0 end,
            lasting_failures = case when s.view_oid = w.view_oid then s.lasting_failures else 0 end,
            suspended_at = case when s.view_oid = w.view_oid then s.suspended_at end,
            suspended_by = case when s.view_oid = w.view_oid then s.suspended_by end,
            suspended_reason = case when s.view_oid = w.view_oid then s.suspended_reason end,
            dropped_at = null
          from wanted w
          join locked using (view_schema, view_name)
          where s.view_schema = w.view_schema
            and s.view_name = w.view_name
            and (
              s.dropped_at is not null
              or s.view_oid <> w.view_oid
              or s.view_group is distinct from w.view_group
              or s.refusal is distinct from w.refusal
              or s.interval_ms is distinct from w.interval_ms
              or s.freshness_target_ms is distinct from w.target_ms
              or s.schedule is distinct from w.schedule
              or s.priority <> w.priority
              or s.consistent <> w.consistent
              or s.input_oids <> w.input_oids
              or s.jitter_ms <> w.jitter_ms
              or (s.next_due_at is null) <> (w.now_at is null) and s.suspended_at is null
              or s.next_due_at > w.latest_at and s.suspended_at is null
            )
          returning s.view_schema, s.view_name
        )
        select view_schema, view_name from added
        union all
        select view_schema, view_name from changed
        """;

    private static final String DROP = "/* viewkeeper:view-states */\n" + StateRows.LOCKED.formatted("""
        s.dropped_at is null
            and not exists (
              select
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              where c.relkind = 'm'
                and n.nspname = s.view_schema
                and c.relname = s.view_name
            )""") + """
        update viewkeeper.view_state s
        set dropped_at = $1, next_due_at = null, pending_run_id = null, requested_by = null
        from locked l
        where s.view_schema = l.view_schema
          and s.view_name = l.view_name
        returning s.view_schema, s.view_name
        """;

    private static final String CHANGE = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state s
        set
          noticed_mark = v.mark,
          data_as_of = v.data_as_of,
          change_noticed_at =
            case when s.noticed_mark is null then s.change_noticed_at else pg_catalog.clock_timestamp() end
        from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as v (view_schema, view_name, mark, data_as_of)
        where s.view_schema = v.view_schema
          and s.view_name = v.view_name
        """;

    private static final String REFILL = "/* viewkeeper:view-states */\n" + StateRows.LOCKED.formatted("""
        s.dropped_at is null
            and s.view_group is not null
            and s.refusal is null
            and s.suspended_at is null
            and s.consecutive_failures = 0
            and s.next_due_at > $1
            and exists (select from pg_catalog.pg_class c where c.oid = s.view_oid and not c.relispopulated)""") + """
        update viewkeeper.view_state s
        set next_due_at = $1
        from locked l
        where s.view_schema = l.view_schema
          and s.view_name = l.view_name
        returning s.view_schema, s.view_name
        """;

    private static final String REMEMBER_CAUSE = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state
        set cause_mark = $3
        where view_schema = $1
          and view_name = $2
        """;

    private static final String RETRY = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state s
        set
          cause_mark = v.mark,
          next_due_at = least(s.next_due_at, $4),
          due_trigger = 'retry'
        from unnest($1::text[], $2::text[], $3::text[]) as v (view_schema, view_name, mark)
        where s.view_schema = v.view_schema
          and s.view_name = v.view_name
        """;

    private CatalogState() {}

    /** What catalog and settings say of views, all by different names; tells which rows that has changed. */
    public static List<ViewName> register(Session session, List<Registration> views, Instant now) {
        return session.query(
                REGISTER,
                ViewNames::of,
                StateRows.column(views, one -> one.view().name().schema(), String[]::new),
                StateRows.column(views, one -> one.view().name().name(), String[]::new),
                StateRows.column(views, one -> one.view().oid(), Long[]::new),
                StateRows.column(views, Registration::group, String[]::new),
                StateRows.column(views, Registration::refusal, String[]::new),
                StateRows.column(views, Registration::intervalMillis, Long[]::new),
                StateRows.column(views, Registration::targetMillis, Long[]::new),
                StateRows.column(views, Registration::schedule, String[]::new),
                StateRows.column(views, Registration::priority, Integer[]::new),
                StateRows.column(views, Registration::consistent, Boolean[]::new),
                StateRows.column(views, CatalogState::inputs, String[]::new),
                StateRows.column(views, one -> Instants.parameter(one.latestNext()), OffsetDateTime[]::new),
                Instants.parameter(now),
                StateRows.column(views, Registration::jitterMillis, Long[]::new));
    }

    /** As PostgreSQL writes an array; unnest would flatten an array of arrays. */
    private static String inputs(Registration view) {
        return view.inputOids().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    /** Views that the catalog no longer has; tells which. */
    public static List<ViewName> drop(Session session, Instant now) {
        return session.query(DROP, ViewNames::of, Instants.parameter(now));
    }

    /**
     * A view that somebody else has refreshed, altered or re-created.
     *
     * @param mark of its content from now on
     */
    public record Change(
            ViewName view, String mark, @Nullable Instant dataAsOf) {}

    /** Others' changes, of views that are locked. */
    public static void change(Session session, List<Change> changes) {
        session.update(
                CHANGE,
                StateRows.column(changes, one -> one.view().schema(), String[]::new),
                StateRows.column(changes, one -> one.view().name(), String[]::new),
                StateRows.column(changes, Change::mark, String[]::new),
                StateRows.column(changes, one -> Instants.parameter(one.dataAsOf()), OffsetDateTime[]::new));
    }

    /** Views that somebody has emptied are due; tells which. */
    public static List<ViewName> refill(Session session, Instant now) {
        return session.query(REFILL, ViewNames::of, Instants.parameter(now));
    }

    /**
     * A suspended view.
     *
     * @param mark versions of all that its failures may come from; null where it names nothing
     */
    public record Cause(ViewName view, @Nullable String mark) {}

    public static void rememberCause(Session session, Cause cause) {
        session.update(REMEMBER_CAUSE, cause.view().schema(), cause.view().name(), cause.mark());
    }

    /** Suspended views, all locked, of which the cause may be gone: each is tried now. */
    public static void retry(Session session, List<Cause> causes, Instant now) {
        session.update(
                RETRY,
                StateRows.column(causes, one -> one.view().schema(), String[]::new),
                StateRows.column(causes, one -> one.view().name(), String[]::new),
                StateRows.column(causes, Cause::mark, String[]::new),
                Instants.parameter(now));
    }
}
