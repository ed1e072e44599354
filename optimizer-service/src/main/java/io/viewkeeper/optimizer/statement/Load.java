// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;
import java.time.Duration;
import java.time.Instant;

/**
 * What a statement takes of the database: in the last day, or since it is followed where that is not so long.
 *
 * @param since from when on calls are counted
 * @param callsPerDay at this rate, of an hour at least: a burst is no day
 * @param millisPerDay what a day of it costs
 */
public record Load(
        Instant since, long calls, double totalMillis, double meanMillis, double callsPerDay, double millisPerDay) {
    /** To be joined to {@code viewkeeper.statement s}. Of a window that began before the day, its share counts. */
    public static final String OF_STATEMENT = """
        cross join lateral (
          select
            d.since as load_since,
            coalesce(d.calls, 0) as load_calls,
            coalesce(d.total_ms, 0) as load_ms,
            greatest(extract(epoch from pg_catalog.statement_timestamp() - d.since) / 86400, 1.0 / 24)::double precision as load_days
          from (
            select
              greatest(
                pg_catalog.statement_timestamp() - interval '1 day',
                least(s.first_seen_at, pg_catalog.min(w.from_at))) as since,
              pg_catalog.sum(w.calls * p.part) as calls,
              pg_catalog.sum(w.total_ms * p.part) as total_ms
            from viewkeeper.statement_window w
            cross join lateral (
              select case
                when w.from_at < pg_catalog.statement_timestamp() - interval '1 day'
                  then extract(epoch from w.until_at - pg_catalog.statement_timestamp() + interval '1 day')::double precision
                    / extract(epoch from w.until_at - w.from_at)::double precision
                else 1
              end as part
            ) as p
            where w.statement_id = s.statement_id
              and w.until_at > pg_catalog.statement_timestamp() - interval '1 day'
          ) as d
        ) as load
        """;

    /** A row with the columns of {@link #OF_STATEMENT}. */
    public static Load read(Row row) {
        double calls = row.getDouble("load_calls");
        double millis = row.getDouble("load_ms");
        double days = row.getDouble("load_days");
        return new Load(
                Instants.of(row, "load_since"),
                Math.round(calls),
                millis,
                calls > 0 ? millis / calls : 0,
                calls / days,
                millis / days);
    }

    /** Of one processor's time, all the time; more than 1 where several sessions execute it. */
    double share() {
        return millisPerDay / Duration.ofDays(1).toMillis();
    }
}
