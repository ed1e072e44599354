// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the database tells of its views, read over one connection of the owner. */
public final class ViewStates implements AutoCloseable {
    // Views of which no refresher has heard yet are shown, too: nothing is left out in silence.
    private static final String STATES = """
            /* viewkeeper:sandbox */
            select
              r.view_schema, r.view_name, s.view_group, s.data_as_of, s.last_method, s.last_duration_ms, s.last_rows_changed,
              s.next_due_at,
              coalesce(
                '! ' || coalesce(s.refusal, case when s.last_status = 'failed' then s.last_error_message end),
                '… waits for ' || w.reason || ': ' || w.detail
              ) as remark
            from viewkeeper.view_relation r
            left join viewkeeper.view_state s on s.view_schema = r.view_schema and s.view_name = r.view_name
            left join viewkeeper.view_wait w on w.view_schema = r.view_schema and w.view_name = r.view_name
            order by
              pg_catalog.array_position(array['realtime', 'daily', 'analytics'], s.view_group), s.view_group, r.view_schema, r.view_name
            """;

    private static final String FIRST_BY_SCHEDULE = """
            /* viewkeeper:sandbox */
            select distinct on (l.view_schema, l.view_name) l.view_schema, l.view_name, l.run_id, l.sequence
            from analytics.view_refresh_log l
            where l.trigger = 'schedule' and l.status = 'completed'
            order by l.view_schema, l.view_name, l.sequence
            """;

    private final Connection connection;

    private ViewStates(Connection connection) {
        this.connection = connection;
    }

    public static ViewStates of(SandboxDatabase database) throws SQLException {
        return new ViewStates(database.connect(Role.OWNER));
    }

    /** All materialized views, those of the workload's groups first. */
    List<ViewRow> rows() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(STATES)) {
            var views = new ArrayList<ViewRow>();
            while (rows.next()) {
                var duration = number(rows, "last_duration_ms");
                views.add(new ViewRow(
                        name(rows),
                        rows.getString("view_group"),
                        instant(rows.getTimestamp("data_as_of")),
                        rows.getString("last_method"),
                        duration == null ? null : Duration.ofMillis(duration),
                        number(rows, "last_rows_changed"),
                        instant(rows.getTimestamp("next_due_at")),
                        rows.getString("remark")));
            }
            return views;
        }
    }

    /** The first good refresh by schedule of each view that had one. */
    List<ScheduledRun> firstScheduledRuns() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(FIRST_BY_SCHEDULE)) {
            var runs = new ArrayList<ScheduledRun>();
            while (rows.next()) {
                runs.add(new ScheduledRun(name(rows), rows.getObject("run_id", UUID.class), rows.getLong("sequence")));
            }
            return runs;
        }
    }

    /** One row of {@code analytics.view_refresh_log}. */
    record ScheduledRun(ViewName view, UUID runId, long sequence) {}

    private static ViewName name(ResultSet row) throws SQLException {
        return new ViewName(row.getString("view_schema"), row.getString("view_name"));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
