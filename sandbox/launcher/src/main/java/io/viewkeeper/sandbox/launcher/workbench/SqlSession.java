// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.workbench;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One connection on which one thread asks and does things. */
public final class SqlSession implements AutoCloseable {
    private final Connection connection;

    private SqlSession(Connection connection) {
        this.connection = connection;
    }

    public static SqlSession of(SandboxDatabase database, Role role) {
        try {
            return new SqlSession(database.connect(role));
        } catch (SQLException e) {
            throw new LauncherException("Could not connect to %s as %s: %s".formatted(database, role, e));
        }
    }

    /** Statements, separated by semicolons, in one transaction. */
    public void run(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failure(sql, e);
        }
    }

    /** All rows; each column as text. */
    public List<List<String>> rows(String sql) {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<List<String>>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                var row = new ArrayList<String>();
                for (int column = 1; column <= columns; column++) {
                    row.add(String.valueOf(rows.getString(column)));
                }
                found.add(row);
            }
            return found;
        } catch (SQLException e) {
            throw failure(sql, e);
        }
    }

    /** The one number that the query gives. */
    public long number(String sql) {
        return Long.parseLong(rows(sql).getFirst().getFirst());
    }

    private static LauncherException failure(String sql, SQLException e) {
        return new LauncherException("%s%n  on: %s".formatted(e.getMessage(), sql.strip()));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new LauncherException("Could not close a connection: " + e);
        }
    }
}
