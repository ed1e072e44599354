// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.EventReader;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.event.RefreshEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A database with a schema {@code w} in which the refresher's role owns the views, and the owner the tables. */
public final class Workshop {
    private final SandboxDatabase database;

    public Workshop() {
        this(PostgresServer.shared().migratedDatabase());
    }

    /** In a database of any server, migrated and without a schema {@code w}. */
    public Workshop(SandboxDatabase database) {
        this.database = database;
        asOwner("create schema w; grant usage, create on schema w to viewkeeper_refresher;"
                + "alter default privileges in schema w grant select on tables to viewkeeper_refresher");
    }

    public SandboxDatabase database() {
        return database;
    }

    public Workshop asOwner(String sql) {
        return as(Role.OWNER, sql);
    }

    public Workshop asRefresher(String sql) {
        return as(Role.REFRESHER, sql);
    }

    private Workshop as(Role role, String sql) {
        try {
            database.execute(role, sql);
            return this;
        } catch (SQLException wrong) {
            throw new AssertionError(sql, wrong);
        }
    }

    /** A view with a unique index on its column {@code k}. */
    public Workshop view(String name, String query) {
        return asRefresher(
                "create materialized view w." + name + " as " + query + "; create unique index on w." + name + " (k)");
    }

    /** The first column of each row. */
    public List<String> strings(String sql) {
        try (Connection connection = database.connect(Role.SUPERUSER);
                var rows = connection.createStatement().executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
            return found;
        } catch (SQLException wrong) {
            throw new AssertionError(sql, wrong);
        }
    }

    public String string(String sql) {
        return strings(sql).getFirst();
    }

    /** Events of refreshes, in the order in which they are published. */
    public List<RefreshEvent> events(Database asked) throws DatabaseException {
        return asked.query(
                "select type, payload::text as payload from viewkeeper.event_outbox where aggregatetype = 'refresh' order by position",
                row -> EventReader.read(row.getString("type"), row.getString("payload")));
    }

    /** Waits until a session of this application name is in this state. */
    public void awaitSession(String applicationName, String state) {
        Await.until(
                applicationName + " is " + state,
                () -> !strings("select pid::text from pg_stat_activity where application_name = '" + applicationName
                                + "' and state = '" + state + "'")
                        .isEmpty());
    }

    /** Waits until somebody waits for a lock. */
    public void awaitWaitForALock() {
        Await.until(
                "somebody waits for a lock",
                () -> !strings("select pid::text from pg_stat_activity"
                                + " where datname = current_database() and wait_event_type = 'Lock'")
                        .isEmpty());
    }

    /** Waits until a refresh of the view is seen to be executed, or to wait for a lock. */
    public void awaitRefreshOf(String view) {
        Await.until(
                "a refresh of " + view + " is under way",
                () -> !strings(
                                "select pid::text from pg_stat_activity where datname = current_database() and state = 'active'"
                                        + " and (query like '%refresh materialized view%" + view + "\"%'"
                                        + " or query like '%prepare viewkeeper_lock%" + view
                                        + "\"%' and wait_event_type = 'Lock')"
                                        + " and pid <> pg_backend_pid()")
                        .isEmpty());
    }
}
