package io.viewkeeper.refresher.register;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code viewkeeper.view_state} says of an existing view, as far as catalog and settings decide it. */
record RegisteredView(
        long oid,
        @Nullable String group,
        @Nullable String refusal,
        @Nullable Long intervalMillis,
        @Nullable Long targetMillis,
        long jitterMillis,
        @Nullable String schedule,
        int priority,
        boolean consistent,
        List<Long> inputOids,
        @Nullable Instant nextDueAt,
        @Nullable Instant suspendedAt,
        int failures,
        boolean atRisk) {

    private static final String ALL = """
        /* viewkeeper:view-register */
        select
          view_schema, view_name, view_oid::bigint, view_group, refusal, interval_ms, freshness_target_ms, jitter_ms,
          schedule, priority, consistent, input_oids::bigint[] as input_oids, next_due_at, suspended_at,
          consecutive_failures, target_risk is not null as at_risk
        from viewkeeper.view_state
        where dropped_at is null
        """;

    // A view that is new, back, re-created or newly wanted is due at once, and a re-created one has no past: no
    // failures, no suspension, no durations. Where another replica was faster, nothing is returned.
    private static final String WRITE = """
        /* viewkeeper:view-register */
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
          order by w.view_schema, w.view_name
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

    static Map<ViewName, RegisteredView> all(Database database) {
        var views = new HashMap<ViewName, RegisteredView>();
        database.query(
                ALL,
                row -> views.put(new ViewName(row.getString("view_schema"), row.getString("view_name")), read(row)));
        return views;
    }

    private static RegisteredView read(Row row) {
        return new RegisteredView(
                row.getLong("view_oid"),
                row.getString("view_group"),
                row.getString("refusal"),
                row.getLong("interval_ms"),
                row.getLong("freshness_target_ms"),
                row.getLong("jitter_ms"),
                row.getString("schedule"),
                row.getInteger("priority"),
                row.getBoolean("consistent"),
                List.of(row.getArrayOfLongs("input_oids")),
                Instants.orNull(row, "next_due_at"),
                Instants.orNull(row, "suspended_at"),
                row.getInteger("consecutive_failures"),
                row.getBoolean("at_risk"));
    }

    /** Whether people are told the same by it: group, refusal, and whether it is the same view at all. */
    boolean saysTheSameOf(Wanted view) {
        return Objects.equals(group, view.group())
                && Objects.equals(refusal, view.refusalText())
                && oid == view.view().oid();
    }

    boolean isDueAfter(@Nullable Instant latest) {
        return latest != null && nextDueAt != null && nextDueAt.isAfter(latest);
    }

    /** The rows that were written. */
    static List<ViewName> write(Session session, List<Wanted> views, Instant now) {
        return session.query(
                WRITE,
                row -> new ViewName(row.getString("view_schema"), row.getString("view_name")),
                column(views, view -> view.view().name().schema(), String[]::new),
                column(views, view -> view.view().name().name(), String[]::new),
                column(views, view -> view.view().oid(), Long[]::new),
                column(views, Wanted::group, String[]::new),
                column(views, Wanted::refusalText, String[]::new),
                column(views, Wanted::intervalMillis, Long[]::new),
                column(views, Wanted::targetMillis, Long[]::new),
                column(views, Wanted::scheduleText, String[]::new),
                column(views, Wanted::priority, Integer[]::new),
                column(views, Wanted::consistent, Boolean[]::new),
                column(views, RegisteredView::arrayText, String[]::new),
                column(views, view -> Instants.parameter(view.latestNext(now)), OffsetDateTime[]::new),
                Instants.parameter(now),
                column(views, Wanted::jitterMillis, Long[]::new));
    }

    private static <T> Object column(
            List<Wanted> views, Function<Wanted, @Nullable T> value, IntFunction<@Nullable T[]> array) {
        return views.stream().map(value).toArray(array);
    }

    /** As PostgreSQL writes an array; unnest would flatten an array of arrays. */
    private static String arrayText(Wanted view) {
        return view.inputOids().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }
}
