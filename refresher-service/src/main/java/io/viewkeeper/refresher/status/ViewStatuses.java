// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import java.util.List;
import java.util.Optional;

/** Answers what state the views are in and what was done to them. */
public final class ViewStatuses {
    private static final String EXISTING = """
        /* viewkeeper:view-statuses */
        select
          s.view_schema, s.view_name, view_group, refusal, data_as_of, read_at, change_noticed_at, freshness_target_ms, next_due_at, last_status,
          last_method, last_run_id, last_started_at, last_finished_at, last_duration_ms, last_rows_changed, size_bytes,
          consecutive_failures, last_error_category, last_error_message, event_sequence, schedule, priority, target_risk,
          suspended_at, suspended_by, case when suspended_by is not null then suspended_reason end as suspended_reason,
          pending_run_id,
          (
            select r.run_id
            from viewkeeper.refresh_run r
            where r.view_schema = s.view_schema
              and r.view_name = s.view_name
          ) as running_run_id,
          w.reason as wait_reason, w.detail as wait_detail
        from viewkeeper.view_state s
        left join viewkeeper.view_wait w on w.view_schema = s.view_schema and w.view_name = s.view_name
        where s.dropped_at is null
        """;

    private static final String ALL = EXISTING + "order by s.view_schema, s.view_name\n";

    private static final String ONE = EXISTING + "  and s.view_schema = $1\n  and s.view_name = $2\n";

    private static final String HISTORY = RefreshRecord.COLUMNS + """
        where view_schema = $1
          and view_name = $2
        order by sequence desc
        limit $3
        """;

    private static final String GROUPS = """
        /* viewkeeper:view-statuses */
        select
          s.view_group,
          count(*)::integer as views,
          count(*) filter (where r.run_id is not null)::integer as running,
          count(*) filter (where w.reason is not null)::integer as waiting,
          count(*) filter (where s.pending_run_id is not null)::integer as pending,
          count(*) filter (where s.suspended_at is not null)::integer as suspended,
          count(*) filter (where s.refusal is not null)::integer as refused,
          count(*) filter (where s.consecutive_failures > 0)::integer as failing
        from viewkeeper.view_state s
        left join viewkeeper.refresh_run r on r.view_schema = s.view_schema and r.view_name = s.view_name
        left join viewkeeper.view_wait w on w.view_schema = s.view_schema and w.view_name = s.view_name
        where s.dropped_at is null
          and s.view_group is not null
          and ($1::text is null or s.view_group = $1)
        group by s.view_group
        order by s.view_group
        """;

    private static final String OF_GROUP = EXISTING + "  and s.view_group = $1\norder by s.view_schema, s.view_name\n";

    private final Database database;

    public ViewStatuses(Database database) {
        this.database = database;
    }

    /** Every view that exists, by name. */
    public List<ViewStatus> all() {
        return database.query(ALL, ViewStatus::read);
    }

    /** The view of this name, if it exists. */
    public Optional<ViewStatus> find(ViewName view) {
        return database.queryFirst(ONE, ViewStatus::read, view.schema(), view.name());
    }

    /** The view called {@code schema.name}, as {@link ViewName#parse} reads it. */
    public Optional<ViewStatus> find(String name) {
        return ViewName.parse(name).flatMap(this::find);
    }

    /** Every group that has a view, by name. */
    public List<GroupStatus> groups() {
        return database.query(GROUPS, GroupStatus::read, (Object) null);
    }

    /** One of them; empty when no view belongs to it. */
    public Optional<GroupMembers> group(String name) {
        return database.queryFirst(GROUPS, GroupStatus::read, name)
                .map(status -> new GroupMembers(status, database.query(OF_GROUP, ViewStatus::read, name)));
    }

    /** Its last refreshes, newest first. */
    public List<RefreshRecord> history(ViewStatus view, int most) {
        return database.query(HISTORY, RefreshRecord::read, view.schema(), view.name(), most);
    }
}
