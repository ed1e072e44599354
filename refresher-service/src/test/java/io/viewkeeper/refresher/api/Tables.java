// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static java.util.Objects.requireNonNull;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Viewkeeper's tables as a test sets and reads them. */
final class Tables {
    private final @Nullable SandboxDatabase database;

    /** Of no database: the test has not begun. */
    Tables() {
        this(null);
    }

    Tables(@Nullable SandboxDatabase database) {
        this.database = database;
    }

    Connection connect(Role role) {
        try {
            return requireNonNull(database).connect(role);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    void clear() {
        update("delete from viewkeeper.command_log");
        update("delete from viewkeeper.refresh_run");
        update("delete from viewkeeper.view_state");
        update("delete from analytics.view_refresh_log");
    }

    /** A view of a group that is due in half an hour. */
    void view(String schema, String name, @Nullable String group) {
        update("""
                insert into viewkeeper.view_state
                  (view_schema, view_name, view_oid, view_group, interval_ms, next_due_at, last_started_at)
                values (?, ?, 1, ?, 3600000, now() + interval '30 minutes', now() - interval '30 minutes')
                """, schema, name, group);
    }

    /** A run under way of a process that lives. */
    UUID run(String schema, String name) {
        var id = UUID.randomUUID();
        update("""
                insert into viewkeeper.refresh_run (
                  run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at,
                  expected_duration_ms, instance, process_id)
                values (?::uuid, ?, ?, 1, 'sales', 'schedule', 1, now(), 4200, 'refresher-1', gen_random_uuid())
                """, id.toString(), schema, name);
        return id;
    }

    int update(String sql, @Nullable Object... parameters) {
        try (var connection = connect(Role.REFRESHER);
                var statement = prepared(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** The first column of each row, as text. */
    List<@Nullable String> column(String sql, @Nullable Object... parameters) {
        try (var connection = connect(Role.REFRESHER);
                var statement = prepared(connection, sql, parameters);
                var rows = statement.executeQuery()) {
            var values = new ArrayList<@Nullable String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    @Nullable
    String value(String sql, @Nullable Object... parameters) {
        return column(sql, parameters).getFirst();
    }

    /** All that a command could change, but for the record of commands. */
    List<@Nullable String> all() {
        return column("""
                select s::text from viewkeeper.view_state s
                union all select r::text from viewkeeper.refresh_run r
                union all select l::text from analytics.view_refresh_log l
                order by 1
                """);
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
