package io.viewkeeper.refresher.refresh;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import java.util.List;
import java.util.Optional;

/** Answers what state the views are in and what was done to them. */
public final class ViewStatuses {
    private static final String EXISTING = """
        /* viewkeeper:view-statuses */
        select
          view_schema, view_name, view_group, refusal, data_as_of, freshness_target_ms, next_due_at, last_status,
          last_method, last_run_id, last_started_at, last_finished_at, last_duration_ms, last_rows_changed, size_bytes,
          consecutive_failures, last_error_category, last_error_message, event_sequence
        from viewkeeper.view_state
        where dropped_at is null
        """;

    private static final String ALL = EXISTING + "order by view_schema, view_name\n";

    private static final String ONE = EXISTING + "  and view_schema = $1\n  and view_name = $2\n";

    private static final String HISTORY = """
        /* viewkeeper:view-statuses */
        select
          run_id, view_group, trigger, method, status, scheduled_at, started_at, data_as_of, refresh_time, duration_ms,
          lock_wait_ms, rows_inserted, rows_updated, rows_deleted, size_bytes, error_category, sqlstate, error_message,
          attempt, sequence, instance
        from analytics.view_refresh_log
        where view_schema = $1
          and view_name = $2
        order by sequence desc
        limit $3
        """;

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

    /** Its last refreshes, newest first. */
    public List<RefreshRecord> history(ViewStatus view, int most) {
        return database.query(HISTORY, RefreshRecord::read, view.schema(), view.name(), most);
    }
}
