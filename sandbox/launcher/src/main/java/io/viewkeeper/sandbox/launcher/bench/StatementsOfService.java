// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What metrics-service has asked of a database, as {@code pg_stat_statements} counted it: its role asks for nothing else. */
record StatementsOfService(Map<String, Counted> byStatement) {
    // The comment at the beginning, which names what a statement is for, is not kept by PostgreSQL 18.
    private static final String OF_ROLE = """
            /* viewkeeper:bench */
            select
              s.queryid,
              coalesce(pg_catalog.substring(s.query, '(?i)from\\s+(?:pg_catalog\\.)?([a-z_0-9.]+)'), 'nothing') as reads,
              s.calls,
              s.total_exec_time
            from pg_stat_statements s
            join pg_catalog.pg_roles r on r.oid = s.userid
            join pg_catalog.pg_database d on d.oid = s.dbid
            where r.rolname = 'viewkeeper_metrics' and d.datname = pg_catalog.current_database() and s.toplevel
            order by s.queryid
            """;

    /**
     * One statement.
     *
     * @param reads the relation that it names first
     */
    private record Counted(String reads, long calls, double millis) {
        Counted since(Counted before) {
            return new Counted(reads, calls - before.calls(), millis - before.millis());
        }
    }

    /**
     * What the database did for the statements that read one relation first.
     *
     * @param millisPerSample of all of them; there are as many samples as the most frequent was executed
     */
    record Cost(String reads, double millisPerSample) {}

    static StatementsOfService now(SqlSession superuser) {
        var found = new HashMap<String, Counted>();
        for (var row : superuser.rows(OF_ROLE)) {
            found.put(
                    row.getFirst(),
                    new Counted(row.get(1), Long.parseLong(row.get(2)), Double.parseDouble(row.get(3))));
        }
        return new StatementsOfService(Map.copyOf(found));
    }

    /** What came since an earlier look. */
    StatementsOfService since(StatementsOfService earlier) {
        var more = new HashMap<String, Counted>();
        byStatement.forEach((statement, now) -> {
            var before = earlier.byStatement.getOrDefault(statement, new Counted(now.reads(), 0, 0));
            if (now.calls() > before.calls()) {
                more.put(statement, now.since(before));
            }
        });
        return new StatementsOfService(Map.copyOf(more));
    }

    long executions() {
        return byStatement.values().stream().mapToLong(Counted::calls).sum();
    }

    int different() {
        return byStatement.size();
    }

    double millis() {
        return byStatement.values().stream().mapToDouble(Counted::millis).sum();
    }

    /** For each relation, by name. */
    List<Cost> costs() {
        var byRelation = new TreeMap<String, List<Counted>>();
        byStatement
                .values()
                .forEach(counted -> byRelation
                        .computeIfAbsent(counted.reads(), any -> new ArrayList<>())
                        .add(counted));
        var costs = new ArrayList<Cost>();
        byRelation.forEach((reads, statements) -> {
            long samples = statements.stream().mapToLong(Counted::calls).max().orElse(1);
            double millis = statements.stream().mapToDouble(Counted::millis).sum();
            costs.add(new Cost(reads, millis / samples));
        });
        return costs;
    }
}
