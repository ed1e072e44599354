package io.viewkeeper.refresher.queue;

import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;

/**
 * What SQL functions such as {@code refresh_realtime_views()} asked for: makes the requested views due. However many
 * requests there are, a view is due once.
 */
public final class RefreshRequests {
    // A view that is being refreshed becomes due again: its request is for data newer than that run's snapshot.
    private static final String TAKE = """
        /* viewkeeper:refresh-requests */
        with taken as (
          update viewkeeper.refresh_request
          set taken_at = $1
          where request_id in (
            select r.request_id
            from viewkeeper.refresh_request r
            where r.taken_at is null
            order by r.requested_at
            limit 100
            for update skip locked
          )
          returning view_group, view_schema, view_name, requested_by
        )
        update viewkeeper.view_state s
        set
          next_due_at = least(s.next_due_at, $1),
          due_trigger = case when s.pending_run_id is null then 'request' else s.due_trigger end,
          requested_by = coalesce(
            s.requested_by,
            (
              select min(t.requested_by)
              from taken t
              where t.view_group = s.view_group
                or (t.view_schema = s.view_schema and t.view_name = s.view_name)
            )),
          pending_run_id = coalesce(s.pending_run_id, pg_catalog.gen_random_uuid())
        where s.dropped_at is null
          and (s.pending_run_id is null or coalesce(s.next_due_at > $1, true))
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
            from taken t
            where t.view_group = s.view_group
              or (t.view_schema = s.view_schema and t.view_name = s.view_name)
          )
        returning s.view_schema, s.view_name
        """;

    private final Database database;

    public RefreshRequests(Database database) {
        this.database = database;
    }

    /** The views that became due. */
    public List<ViewName> take(Instant now) {
        return database.query(TAKE, ViewNames::of, Instants.parameter(now));
    }
}
