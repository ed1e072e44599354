// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the four reports of the base tables and of the views and compares the times, as a client sees them: statement
 * sent, all rows read. The base side gets what could be asked for: an index that covers each question, fresh statistics, a
 * visibility map, memory for its sorts, parallel workers, warm caches. Both sides must give the same rows.
 */
public final class ReportBenchmark {
    private static final int BASE_RUNS = 3;
    private static final int VIEW_WARM_UPS = 100;
    private static final int VIEW_RUNS = 301;

    /** Made before the base side is asked; left in place, since a database that is measured is not used for anything else. */
    private static final List<String> PREPARATION =
            List.of("""
            /* viewkeeper:bench */ create index if not exists bench_claims_by_time on staging.claims_837p (processed_at)
              include (claim_id, status, validation_passed, total_amount, processing_time_ms, patient_id, provider_id, payer_id)""", """
            /* viewkeeper:bench */ create index if not exists bench_failed_claims_by_time on staging.claims_837p (processed_at)
              include (payer_id, provider_id, patient_id, status, denial_reason_code, validation_passed, total_amount)
              where status in ('denied', 'failed') or validation_passed = false""", """
            /* viewkeeper:bench */ create index if not exists bench_line_rvus on staging.claim_line_items (claim_id)
              include (rvu_work, rvu_practice_expense, rvu_malpractice)""", "vacuum (analyze) staging.claims_837p", "vacuum (analyze) staging.claim_line_items");

    private static final String TODAY = "/* viewkeeper:bench */ select (now() at time zone ?)::date";

    private final Connection connection;
    private final String zone;
    private final LoadProgress progress;

    private ReportBenchmark(Connection connection, ZoneId zone, LoadProgress progress) {
        this.connection = connection;
        // PostgreSQL does not know that Z and UTC are one zone: statistics on expressions are found by the name.
        this.zone = zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        this.progress = progress;
    }

    /**
     * Measures every report on a database that holds a sample, over a connection of its owner in autocommit mode.
     *
     * @param zone the zone of business days that the database was migrated with
     * @return for each report the median milliseconds of the view, of the base tables as baseline, and how many times
     *     the view is faster
     * @throws IllegalStateException when the two sides of a report answer differently
     */
    public static List<Measurement> run(Connection connection, ZoneId zone, LoadProgress progress) throws SQLException {
        return new ReportBenchmark(connection, zone, progress).run();
    }

    private List<Measurement> run() throws SQLException {
        prepare();
        var measurements = new ArrayList<Measurement>();
        for (Report report : Report.all()) {
            measurements.add(measure(report));
            progress.at("reports", measurements.size(), Report.all().size());
        }
        return measurements;
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set work_mem = '256MB'");
            statement.execute("set maintenance_work_mem = '256MB'");
            for (int i = 0; i < PREPARATION.size(); i++) {
                statement.execute(PREPARATION.get(i));
                progress.at("indexes for the base side", i + 1, PREPARATION.size());
            }
        }
    }

    private Measurement measure(Report report) throws SQLException {
        LocalDate today = refresh(report);
        try (PreparedStatement base = connection.prepareStatement(report.baseSqlFor(zone, today));
                PreparedStatement view = connection.prepareStatement(report.viewSql())) {
            List<List<Object>> expected = rows(base);
            List<List<Object>> answered = rows(view);
            if (!expected.equals(answered)) {
                throw new IllegalStateException("report %s: the view %s does not answer what the base tables do: %s"
                        .formatted(report.name(), report.view(), firstDifference(expected, answered)));
            }
            double baseMillis = medianMillis(base, 0, BASE_RUNS);
            double viewMillis = medianMillis(view, VIEW_WARM_UPS, VIEW_RUNS);
            return Measurement.of(report.name(), viewMillis, "ms", baseMillis);
        }
    }

    /** Refreshes the report's view and returns the business day on which that was; again if a day ended meanwhile. */
    private LocalDate refresh(Report report) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            while (true) {
                LocalDate before = today();
                statement.execute("refresh materialized view " + report.view());
                statement.execute("vacuum (analyze) " + report.view());
                if (before.equals(today())) {
                    return before;
                }
            }
        }
    }

    private LocalDate today() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TODAY)) {
            statement.setString(1, zone);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getDate(1).toLocalDate();
            }
        }
    }

    /** All rows of an answer, in its order. */
    static List<List<Object>> rows(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            var rows = new ArrayList<List<Object>>();
            while (row.next()) {
                var values = new Object[columns];
                for (int i = 0; i < columns; i++) {
                    values[i] = comparable(row.getObject(i + 1));
                }
                rows.add(Arrays.asList(values));
            }
            return rows;
        }
    }

    /** 0 and 0.00 are the same number. */
    private static Object comparable(@Nullable Object value) {
        return value == null ? "null" : value instanceof BigDecimal number ? number.stripTrailingZeros() : value;
    }

    private static double medianMillis(PreparedStatement statement, int warmUps, int runs) throws SQLException {
        for (int i = 0; i < warmUps; i++) {
            rows(statement);
        }
        var nanos = new long[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            rows(statement);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[runs / 2] / 1e6;
    }

    private static String firstDifference(List<List<Object>> expected, List<List<Object>> answered) {
        for (int i = 0; i < Math.min(expected.size(), answered.size()); i++) {
            if (!expected.get(i).equals(answered.get(i))) {
                return "row %d is %s, expected %s".formatted(i + 1, answered.get(i), expected.get(i));
            }
        }
        return "%d rows, expected %d".formatted(answered.size(), expected.size());
    }
}
