// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.event.RefreshCompleted;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * After a concurrent refresh that changed much: it deletes and inserts, so that the dead rows would be read by everybody
 * until autovacuum comes. A plain refresh leaves none, and tells of none.
 */
public final class Vacuum {
    private static final Logger LOG = Logger.getLogger(Vacuum.class);
    /** Below this, a sequential scan over the dead rows costs less than the vacuum. */
    private static final long FEWEST_ROWS = 1_000;

    private final Database database;

    public Vacuum(Database database) {
        this.database = database;
    }

    /** Skipped where somebody holds the view's lock; ended when it would outlast the time that a refresh may take. */
    public void after(RefreshCompleted event, ViewPolicy policy) {
        if (!pays(event, policy.vacuumAfter())) {
            return;
        }
        Duration limit = policy.limits().statementTimeout();
        long began = System.nanoTime();
        try {
            database.command(
                    "/* viewkeeper:vacuum */ vacuum (skip_locked, analyze) "
                            + event.run().view().quoted(),
                    limit);
            LOG.infof(
                    "view=%s run=%s action=vacuum rowsChanged=%d durationMs=%d",
                    event.run().view(),
                    event.run().runId(),
                    event.rowsDeleted(),
                    (System.nanoTime() - began) / 1_000_000);
        } catch (DatabaseException failure) {
            LOG.warnf(
                    "view=%s run=%s action=vacuum state=failed reason=%s",
                    event.run().view(), event.run().runId(), failure.getMessage());
        }
    }

    private static boolean pays(RefreshCompleted event, double share) {
        Long dead = event.rowsDeleted();
        if (share == 0 || dead == null || dead < FEWEST_ROWS) {
            return false;
        }
        Long rows = event.rowsEstimate();
        return rows == null || dead >= share * rows;
    }
}
