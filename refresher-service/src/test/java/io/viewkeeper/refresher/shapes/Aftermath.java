// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What refreshes left behind in the database, about one view. */
record Aftermath(Connection connection, ViewName view) {
    private static final String RUNS = """
        select
          case status
            when 'completed' then 'completed ' || method
            else concat_ws(' ', 'failed', error_category, sqlstate)
          end
        from analytics.view_refresh_log
        where view_schema = ? and view_name = ?
        order by sequence
        """;

    private static final String CHANGES = """
        select rows_inserted + rows_updated + rows_deleted > 0
        from analytics.view_refresh_log
        where view_schema = ? and view_name = ?
        order by sequence desc
        limit 1
        """;

    private static final String REFUSAL = """
        select coalesce(refusal, '')
        from viewkeeper.view_state
        where view_schema = ? and view_name = ?
        """;

    /** Each run has its event, of the same sequence, and the view's key. */
    private static final String RUNS_AND_EVENTS = """
        select 'run ' || coalesce(l.sequence::text, 'none') || ', event ' || coalesce(e.sequence::text, 'none')
        from (select * from analytics.view_refresh_log where view_schema = ? and view_name = ?) l
        left join viewkeeper.event_outbox e
          on e.payload ->> 'runId' = l.run_id::text and e.sequence = l.sequence and e.aggregatetype = 'refresh'
        where e.id is null
        """;

    private static final String OWNER = """
        select relowner::regrole::text
        from pg_class
        where oid = ?::regclass
        """;

    private static final String TOO_LONG = """
        select error_message
        from analytics.view_refresh_log
        where view_schema = ? and view_name = ? and octet_length(error_message) > 1024
        """;

    void assertIs(Expected expected) throws SQLException {
        String refusal = ask(REFUSAL).getFirst();
        if (expected.failing()) {
            // How soon it is tried again differs; that it fails in the same way each time is what matters here.
            assertThat(ask(RUNS)).isNotEmpty().allMatch(expected.runs().getFirst()::equals);
        } else {
            assertThat(ask(RUNS)).as("runs; refusal: " + refusal).isEqualTo(expected.runs());
        }
        if (expected.refusal() == null) {
            assertThat(refusal).as("refusal").isEmpty();
        } else {
            String[] words = expected.refusal().split("…", 2);
            assertThat(refusal).startsWith(words[0] + ": ").contains(words[1]);
        }
        if (expected.changes() != null) {
            assertThat(ask(CHANGES)).as("changes").containsExactly(expected.changes() ? "t" : "f");
        }
        assertThat(ask(RUNS_AND_EVENTS)).as("runs without their event").isEmpty();
        assertThat(ask(TOO_LONG)).as("messages longer than 1 kB").isEmpty();
        if (expected.runs().getFirst().startsWith("completed")) {
            assertRowsAreThoseOfTheQuery();
        }
    }

    private void assertRowsAreThoseOfTheQuery() throws SQLException {
        String query = strings("select pg_get_viewdef(?::regclass)", view.quoted())
                .getFirst()
                .replaceFirst(";\\s*$", "");
        // The owner of a view is who its query is run as: policies of row-level security know him by that.
        String asOwner = "set role " + strings(OWNER, view.quoted()).getFirst() + "; select count(*) from ";
        assertThat(strings(asOwner + view.quoted()))
                .as("rows in the view")
                .isEqualTo(strings(asOwner + "(" + query + ") q"));
    }

    /** In the first round each view was refreshed after the one before. */
    static void assertOrder(Connection connection, List<String> views) throws SQLException {
        var any = new Aftermath(connection, new ViewName(Shape.NEVER, views.getFirst()));
        assertThat(any.strings("""
                select view_name
                from analytics.view_refresh_log
                where sequence = 1 and view_name = any (string_to_array(?, ','))
                order by refresh_time
                """, String.join(",", views))).isEqualTo(views);
    }

    static void assertNothingUnderWay(Connection connection) throws SQLException {
        var any = new Aftermath(connection, new ViewName(Shape.NEVER, "any"));
        assertThat(any.strings("select view_name from viewkeeper.refresh_run")).isEmpty();
        assertThat(any.strings("""
                select application_name || ': ' || query
                from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                  and state like '%transaction%'
                """)).isEmpty();
    }

    private List<String> ask(String sql) throws SQLException {
        return strings(sql, view.schema(), view.name());
    }

    private List<String> strings(String sql, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            var found = new ArrayList<String>();
            boolean isRows = statement.execute();
            while (!isRows) {
                isRows = statement.getMoreResults();
            }
            try (var rows = statement.getResultSet()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }
}
