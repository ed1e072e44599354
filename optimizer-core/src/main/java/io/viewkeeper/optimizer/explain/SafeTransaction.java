// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.DatabaseException;
import java.time.Duration;

/**
 * {@link Layer#TRANSACTION}: the transaction in which everything happens. Nothing of it stays, in the session neither. All
 * settings are local to it, so that it is whole behind a pooler too.
 */
final class SafeTransaction {
    private static final String BEGIN =
            "/* viewkeeper:explain */ begin transaction isolation level read committed read only";

    private static final String BEGIN_UNPROTECTED = "/* viewkeeper:explain */ begin";
    private static final String END_UNPROTECTED = "/* viewkeeper:explain */ commit";

    private static final String LIMITS = """
            /* viewkeeper:explain */
            select pg_catalog.set_config('statement_timeout', $1, true),
              pg_catalog.set_config('lock_timeout', $2, true),
              pg_catalog.set_config('idle_in_transaction_session_timeout', $3, true),
              pg_catalog.set_config('standard_conforming_strings', 'on', true),
              pg_catalog.set_config('client_min_messages', 'error', true)""";

    private static final String EXECUTION_LIMITS = """
            /* viewkeeper:explain */
            select pg_catalog.set_config('statement_timeout', $1, true),
              pg_catalog.set_config('max_parallel_workers_per_gather', '0', true),
              case
                when s.setting::bigint > 262144 then pg_catalog.set_config('work_mem', '256MB', true)
                else s.setting
              end
            from pg_catalog.pg_settings s
            where s.name = 'work_mem'""";

    /** Any number will do, as long as it is no other lock's of Viewkeeper. */
    private static final String TAKE_TURN = """
            /* viewkeeper:explain */
            select pg_catalog.pg_try_advisory_xact_lock(7311860445910288723)""";

    private static final String UNLOCK_ALL = """
            /* viewkeeper:explain */
            select pg_catalog.pg_advisory_unlock_all()""";

    private static final Duration STEP = Duration.ofMillis(100);

    private final MeteredSession session;
    private final ExplainLimits limits;
    private final boolean active;

    SafeTransaction(MeteredSession session, ExplainLimits limits, boolean active) {
        this.session = session;
        this.limits = limits;
        this.active = active;
    }

    void begin() {
        session.begin(active ? BEGIN : BEGIN_UNPROTECTED);
        if (active) {
            var _ = session.query(
                    LIMITS,
                    row -> row,
                    millis(limits.planTimeout()),
                    millis(limits.lockTimeout()),
                    millis(limits.idleTimeout()));
        }
    }

    /** Before an execution. Parallel workers are beyond the limits of one process. */
    void limitExecution() {
        if (active) {
            var _ = session.query(EXECUTION_LIMITS, row -> row, millis(limits.executionTimeout()));
        }
    }

    /** Whether this is the only execution on the database; taken before any lock on a relation, since it may wait. */
    boolean takeTurn() {
        if (!active) {
            return true;
        }
        long end = System.nanoTime() + limits.turnPatience().toNanos();
        while (!session.queryOne(TAKE_TURN, row -> row.getBoolean(0))) {
            if (System.nanoTime() > end || !sleptWell()) {
                return false;
            }
        }
        return true;
    }

    private static boolean sleptWell() {
        try {
            Thread.sleep(STEP);
            return true;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void end() {
        if (!active) {
            session.command(END_UNPROTECTED);
            return;
        }
        try {
            // While it is surely the same backend: behind a pooler the next statement may meet another.
            session.one(UNLOCK_ALL);
        } catch (DatabaseException aborted) {
            // The session is cleaned below, or gone.
        }
        session.discard();
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
