// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import static io.viewkeeper.optimizer.statement.Baselines.array;

import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.optimizer.survey.StatementKind;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.Percentile;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code viewkeeper.statement} and {@code viewkeeper.statement_window}, written for all statements at once. */
final class StatementRows {
    private static final String SEEN = """
        /* viewkeeper:statements */
        insert into viewkeeper.statement (statement_id, text, kind, first_seen_at, last_seen_at, slow)
        select statement_id, text, kind, seen_at, seen_at, slow
        from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[])
          as s (statement_id, text, kind, seen_at, slow)
        order by statement_id
        on conflict (statement_id) do update
        set last_seen_at = excluded.last_seen_at, slow = excluded.slow
        """;

    private static final String WINDOWS = """
        /* viewkeeper:statements */
        insert into viewkeeper.statement_window (
          statement_id, until_at, from_at, calls, total_ms, mean_ms, stddev_ms, p95_ms, p95_method, p95_confidence, rows, hit, read,
          plan_hash)
        select
          w.statement_id, w.until_at, w.from_at, w.calls, w.total_ms, w.mean_ms, w.stddev_ms, w.p95_ms, w.p95_method,
          w.p95_confidence, w.rows, w.hit, w.read, a.plan_hash
        from unnest(
          $1::text[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::double precision[], $6::double precision[],
          $7::double precision[], $8::double precision[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[]
        ) as w (
          statement_id, until_at, from_at, calls, total_ms, mean_ms, stddev_ms, p95_ms, p95_method, p95_confidence, rows, hit, read)
        join viewkeeper.statement s on s.statement_id = w.statement_id
        left join viewkeeper.query_analysis a on a.analysis_id = s.analysis_id
        where w.calls > 0
        on conflict do nothing
        """;

    /** Of the percentile: lognormal times, or of two kinds of calls. */
    private static final String METHOD = "lognormal-mixture";

    private static final long FEW_CALLS = 30;

    private StatementRows() {}

    /**
     * One statement, and what it did since the last look.
     *
     * @param since null when it is seen for the first time
     */
    record Row(
            StatementText statement,
            StatementKind kind,
            boolean slow,
            @Nullable Instant since,
            Instant now,
            Counters window) {
        Optional<Percentile> p95() {
            return Percentile.of(0.95, List.of(window));
        }

        /** Few calls say little of the longest ones. */
        private String confidence(Percentile p95) {
            return p95.certain() && window.calls() >= FEW_CALLS ? "high" : "low";
        }
    }

    static void seen(Session session, List<Row> rows) {
        session.update(
                SEEN,
                array(rows, String[]::new, row -> row.statement().id()),
                array(rows, String[]::new, row -> row.statement().redacted()),
                array(rows, String[]::new, row -> row.kind().wireName()),
                array(rows, OffsetDateTime[]::new, row -> Instants.parameter(row.now())),
                array(rows, Boolean[]::new, Row::slow));
    }

    static void windows(Session session, List<Row> rows) {
        session.update(
                WINDOWS,
                array(rows, String[]::new, row -> row.statement().id()),
                array(rows, OffsetDateTime[]::new, row -> Instants.parameter(row.now())),
                array(rows, OffsetDateTime[]::new, row -> Instants.parameter(row.since())),
                array(rows, Long[]::new, row -> row.window().calls()),
                array(rows, Double[]::new, row -> row.window().totalMillis()),
                array(rows, Double[]::new, row -> row.window().meanMillis()),
                array(rows, Double[]::new, row -> row.window().deviationMillis()),
                array(
                        rows,
                        Double[]::new,
                        row -> row.p95().map(Percentile::millis).orElse(null)),
                array(rows, String[]::new, row -> row.p95().map(_ -> METHOD).orElse(null)),
                array(rows, String[]::new, row -> row.p95().map(row::confidence).orElse(null)),
                array(rows, Long[]::new, row -> row.window().rows()),
                array(rows, Long[]::new, row -> row.window().blocks().hit()),
                array(rows, Long[]::new, row -> row.window().blocks().read()));
    }
}
