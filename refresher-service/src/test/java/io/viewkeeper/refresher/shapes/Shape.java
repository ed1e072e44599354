// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static java.util.Objects.requireNonNull;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One view as somebody might write it, how it comes to be, and what is to become of it.
 *
 * @param steps that make it, in order; {@code {view}} stands for its name
 */
record Shape(ViewName view, List<Step> steps, Expected expected) {
    /** Schemas whose views have this policy for a refresh that blocks readers. */
    static final String NEVER = "never";

    static final String UNPOPULATED = "fill";
    static final String WHEN_NEEDED = "needed";
    static final String ALWAYS = "always";

    /** One statement, or several separated by semicolons, and whose they are. */
    record Step(Role role, String sql) {}

    /** A shape that has only its name by now. */
    static Builder named(String schema, String name) {
        return new Builder(new ViewName(schema, name));
    }

    /** As {@link #named(String, String)}, where the strictest policy holds. */
    static Builder named(String name) {
        return named(NEVER, name);
    }

    /** Connecting takes longer than most of the steps: they share a connection for each role. */
    void create(Map<Role, Connection> connections) throws SQLException {
        for (Step step : steps) {
            try (var statement = requireNonNull(connections.get(step.role())).createStatement()) {
                statement.execute(step.sql().replace("{view}", view.quoted()));
            } catch (SQLException refused) {
                throw new SQLException(view + ": " + step.sql(), refused);
            }
        }
    }

    /** Collects the steps. */
    static final class Builder {
        private final ViewName view;
        private final List<Step> steps = new ArrayList<>();
        private String function = "";

        private Builder(ViewName view) {
            this.view = view;
        }

        /** What {@code {function}} stands for in later steps. */
        Builder function(String its) {
            function = its;
            return this;
        }

        Builder view(String query) {
            return refresher("create materialized view {view} as " + query);
        }

        Builder unique(String columns) {
            return refresher("create unique index on {view} " + columns);
        }

        Builder refresher(String sql) {
            return step(Role.REFRESHER, sql);
        }

        Builder owner(String sql) {
            return step(Role.OWNER, sql);
        }

        Builder superuser(String sql) {
            return step(Role.SUPERUSER, sql);
        }

        private Builder step(Role role, String sql) {
            steps.add(new Step(role, sql.replace("{function}", function)));
            return this;
        }

        Shape expect(Expected expected) {
            return new Shape(view, List.copyOf(steps), expected);
        }
    }
}
