// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What holds in the database whenever nothing is under way, whatever happened before. */
final class Invariants {
    private static final String HISTORY_AND_EVENTS = """
        select 'no event tells of ' || l.view_name || ' ' || l.sequence
        from analytics.view_refresh_log l
        where not exists (
          select
          from viewkeeper.event_outbox e
          where e.aggregatetype = 'refresh'
            and e.payload ->> 'runId' = l.run_id::text
            and e.sequence = l.sequence
            and e.aggregateid = l.view_schema || '.' || l.view_name
            and e.type = 'io.viewkeeper.refresh-' || l.status || '.v1'
        )
        union all
        select 'the event ' || e.aggregateid || ' ' || e.sequence || ' tells of no run'
        from viewkeeper.event_outbox e
        where e.aggregatetype = 'refresh'
          and not exists (
            select
            from analytics.view_refresh_log l
            where l.run_id::text = e.payload ->> 'runId'
              and l.sequence = e.sequence
          )
        union all
        select 'several events tell of the run ' || (payload ->> 'runId')
        from viewkeeper.event_outbox
        where aggregatetype = 'refresh'
        group by payload ->> 'runId'
        having count(*) > 1
        """;

    private static final String SEQUENCES = """
        select 'gap or disorder in the history: ' || view_name || ' ' || sequence
        from (
          select view_name, sequence, row_number() over (partition by view_schema, view_name order by sequence) as n
          from analytics.view_refresh_log
        ) l
        where sequence <> n
        union all
        select 'gap or disorder in the outbox: ' || aggregatetype || ' ' || aggregateid || ' ' || sequence
        from (
          select
            aggregatetype, aggregateid, sequence,
            row_number() over (partition by aggregatetype, aggregateid order by position) as n
          from viewkeeper.event_outbox
        ) e
        where sequence <> n
        """;

    private static final String STATES = """
        select 'a run that nobody has settled: ' || view_name
        from viewkeeper.refresh_run
        union all
        select 'nobody will ever refresh ' || view_name
        from viewkeeper.view_state
        where dropped_at is null
          and refusal is null
          and next_due_at is null
        union all
        select 'the state of ' || s.view_name || ' is not that of its last run'
        from viewkeeper.view_state s
        left join lateral (
          select l.sequence, l.run_id, l.status
          from analytics.view_refresh_log l
          where l.view_schema = s.view_schema
            and l.view_name = s.view_name
          order by l.sequence desc
          limit 1
        ) l on true
        where (s.event_sequence, s.last_run_id, s.last_status)
          is distinct from (coalesce(l.sequence, 0), l.run_id, l.status)
        """;

    // A transaction's number is in every row that it wrote, so the data tells which transaction made it, and so does
    // the history.
    private static final String DATA_AND_HISTORY = """
        select 'the data of w.mark is of transaction ' || m.xact || ', its last completed run of ' || l.xmin
        from w.mark m
        cross join lateral (
          select xmin
          from analytics.view_refresh_log
          where view_name = 'mark'
            and status = 'completed'
          order by sequence desc
          limit 1
        ) l
        where m.xact <> l.xmin::text
        """;

    private static final String DEFINITIONS = """
        select format(
          $$select 'w.%1$s does not show what its query gives'
            from (
              (table w.%1$I except all (%2$s)) union all ((%2$s) except all table w.%1$I)
            ) difference
            limit 1$$,
          matviewname, rtrim(definition, ';'))
        from pg_matviews
        where schemaname = 'w'
          and matviewname <> 'mark'
        """;

    private Invariants() {}

    /** What does not hold, in words. */
    static List<String> violations(Connection connection) throws SQLException {
        var found = new ArrayList<String>();
        for (var question : List.of(HISTORY_AND_EVENTS, SEQUENCES, STATES, DATA_AND_HISTORY)) {
            found.addAll(strings(connection, question));
        }
        return found;
    }

    /** Views whose data is not that of their tables now. */
    static List<String> stale(Connection connection) throws SQLException {
        var found = new ArrayList<String>();
        for (var comparison : strings(connection, DEFINITIONS)) {
            found.addAll(strings(connection, comparison));
        }
        return found;
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
