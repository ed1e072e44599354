// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the views show after they were refreshed together, at the moment that their now() was. */
record ViewSnapshot(Instant now, Map<String, List<String>> rowsByView) {
    static final List<String> VIEWS = List.of(
            "claims_processing_metrics_realtime",
            "queue_depth_metrics_realtime",
            "validation_results_realtime",
            "claims_daily_summary",
            "provider_performance_daily",
            "payer_analysis_daily",
            "revenue_analytics_summary",
            "diagnosis_code_analytics",
            "failed_claims_analysis");

    /** Refreshes all views concurrently in one transaction, in a session whose zone must not matter. */
    static ViewSnapshot refreshed(Connection refresher) throws SQLException {
        refresher.setAutoCommit(false);
        try (Statement statement = refresher.createStatement()) {
            statement.execute("set local time zone 'Pacific/Kiritimati'");
            Instant now = now(statement);
            for (String view : VIEWS) {
                statement.execute("refresh materialized view concurrently analytics." + view);
            }
            refresher.commit();
            return new ViewSnapshot(now, read(statement));
        } finally {
            refresher.rollback();
            refresher.setAutoCommit(true);
        }
    }

    private static Instant now(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select now()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static Map<String, List<String>> read(Statement statement) throws SQLException {
        var rows = new TreeMap<String, List<String>>();
        for (String view : VIEWS) {
            rows.put(view, read(statement, view));
        }
        return rows;
    }

    private static List<String> read(Statement statement, String view) throws SQLException {
        try (ResultSet row = statement.executeQuery("select * from analytics." + view)) {
            int columns = row.getMetaData().getColumnCount();
            var rows = new ArrayList<String>();
            while (row.next()) {
                var values = new @Nullable Object[columns];
                for (int i = 0; i < columns; i++) {
                    values[i] = row.getObject(i + 1);
                }
                rows.add(text(Arrays.asList(values)));
            }
            return rows.stream().sorted().toList();
        }
    }

    /** The rows that there should be, in the form of those that were read. */
    static Map<String, List<String>> expected(ClaimsData data, Instant now, ZoneId zone) {
        return new ExpectedViews(data, now, zone)
                .all().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                view -> view.getValue().stream()
                                        .map(ViewSnapshot::text)
                                        .sorted()
                                        .toList(),
                                (one, other) -> one,
                                TreeMap::new));
    }

    private static String text(List<@Nullable Object> row) {
        return row.stream().map(ViewSnapshot::text).collect(Collectors.joining(" | "));
    }

    /** Six decimals are more than any money or percentage has, and as many as an average is compared by. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case BigDecimal number -> number.setScale(6, RoundingMode.HALF_UP).toPlainString();
            case Double number ->
                BigDecimal.valueOf(number).setScale(6, RoundingMode.HALF_UP).toPlainString();
            case Timestamp time -> time.toInstant().toString();
            default -> value.toString();
        };
    }
}
