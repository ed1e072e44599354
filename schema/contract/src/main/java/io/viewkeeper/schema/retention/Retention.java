// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.retention;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.loop.Loop;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Deletes old rows of the tables that a service owns, a batch at a time, each in a short transaction of its own; one replica at
 * a time.
 */
public final class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    /** Rows in a transaction. */
    public static final int BATCH = 1_000;

    /** Batches of a table in a round: the rest is left to the next. */
    public static final int BATCHES = 2_000;

    // Held by a transaction that does nothing else: it has no snapshot, so it keeps no VACUUM back.
    private static final String TRY_LOCK = """
        /* viewkeeper:retention */
        select
          pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended($1::text, 0)),
          pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
        """;

    private static final String SERVER_TIME = """
        /* viewkeeper:retention */
        select pg_catalog.clock_timestamp() as now
        """;

    private final Database database;
    private final String owner;
    private final List<Rule> rules;

    /** @param owner the service whose tables they are: of each one replica purges */
    public Retention(Database database, String owner, List<Rule> rules) {
        this.database = database;
        this.owner = owner;
        this.rules = List.copyOf(rules);
    }

    /** One round, a step for each table; how many rows of each it deleted, tables without any left out. */
    public Map<String, Integer> purge(Loop.Turn turn) {
        var deleted = database.inTransaction(
                lock -> lock.queryOne(TRY_LOCK, row -> row.getBoolean(0), "viewkeeper:retention:" + owner)
                        ? purgeAll(turn)
                        : Map.<String, Integer>of());
        if (!deleted.isEmpty()) {
            LOG.infof(
                    "retention=purged %s",
                    deleted.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")));
        }
        return deleted;
    }

    private Map<String, Integer> purgeAll(Loop.Turn turn) {
        Instant now = database.queryOne(SERVER_TIME, row -> Instants.of(row, "now"));
        var deleted = new LinkedHashMap<String, Integer>();
        for (Rule rule : rules) {
            turn.step(rule.table(), () -> {
                int rows = purge(rule, now, turn);
                if (rows > 0) {
                    deleted.put(rule.table(), rows);
                }
            });
        }
        return deleted;
    }

    private int purge(Rule rule, Instant now, Loop.Turn turn) {
        int deleted = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            int rows = database.update(rule.statement(), Instants.parameter(now.minus(rule.kept())), BATCH);
            deleted += rows;
            turn.goesOn();
            if (rows < BATCH) {
                return deleted;
            }
        }
        return deleted;
    }
}
