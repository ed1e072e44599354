// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.database.Database;
import java.time.Duration;

/** What analyses may take of the database in any minute, all replicas and all persons together. */
public final class Budget {
    private static final String SPENT = """
        /* viewkeeper:budget */
        select coalesce(pg_catalog.sum(millis), 0) as millis
        from viewkeeper.analysis_spending
        where spent_at > pg_catalog.clock_timestamp() - interval '1 minute'
        """;

    private static final String SPEND = """
        /* viewkeeper:budget */
        insert into viewkeeper.analysis_spending (millis)
        values ($1)
        """;

    private static final String FORGET = """
        /* viewkeeper:budget */
        delete from viewkeeper.analysis_spending
        where spent_at < pg_catalog.clock_timestamp() - interval '10 minutes'
        """;

    private final Database database;
    private final Duration perMinute;

    Budget(Database database, Duration perMinute) {
        this.database = database;
        this.perMinute = perMinute;
    }

    /** What it is, in milliseconds per minute. */
    public double perMinuteMillis() {
        return perMinute.toMillis();
    }

    /** Of the last minute. */
    public double spentMillis() {
        return database.queryOne(SPENT, row -> row.getDouble("millis"));
    }

    /** Never below 0. */
    public double leftMillis() {
        return Math.max(0, perMinuteMillis() - spentMillis());
    }

    void spend(double millis) {
        database.update(SPEND, millis);
    }

    void forgetOld() {
        database.update(FORGET);
    }
}
