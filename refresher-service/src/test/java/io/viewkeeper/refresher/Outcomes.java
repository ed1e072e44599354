// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static java.util.Objects.requireNonNull;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What became of refreshes, as the database tells: whoever asks the service may be told that it waits for the database. */
record Outcomes(@Nullable SandboxDatabase database) {

    /** Of the last event of {@code sales.good}; 0: there is none. */
    long sequence() {
        return number("""
            select coalesce(max(event_sequence), 0)
            from viewkeeper.view_state
            where view_schema = 'sales'
              and view_name = 'good'
            """);
    }

    /** Events that Kafka has acknowledged. */
    long published() {
        return number("""
            select count(*)
            from viewkeeper.event_outbox
            where published_at is not null
            """);
    }

    long number(String question) {
        try (var connection = requireNonNull(database).connect(Role.SUPERUSER);
                var rows = connection.createStatement().executeQuery(question)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException wrong) {
            throw new AssertionError(question, wrong);
        }
    }

    void update(String sql) {
        try {
            requireNonNull(database).execute(Role.OWNER, sql);
        } catch (SQLException wrong) {
            throw new AssertionError(sql, wrong);
        }
    }
}
