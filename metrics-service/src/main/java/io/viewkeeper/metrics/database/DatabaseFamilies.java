// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import io.viewkeeper.metrics.freshness.Freshness;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a scrape shows of the database's statistics. */
@Singleton
@Priority(60)
final class DatabaseFamilies implements FamilySource {
    private static final List<String> LABELS = List.of("database");
    private static final String WINDOW = " over the last minutes (viewkeeper.metrics.statistics.window, default 5)";
    private static final String SINCE_START = ", since this process started";

    private final Statements statements;
    private final Tables tables;
    private final Buffers buffers;
    private final Freshness freshness;
    private final Collecting collecting;

    DatabaseFamilies(
            Statements statements, Tables tables, Buffers buffers, Freshness freshness, Collecting collecting) {
        this.statements = statements;
        this.tables = tables;
        this.buffers = buffers;
        this.freshness = freshness;
        this.collecting = collecting;
    }

    @Override
    public List<Family> families() {
        String database = freshness.database();
        if (database.isEmpty()) {
            return List.of();
        }
        return Stream.of(ofStatements(database), ofTables(database), ofBuffers(database), missing(database))
                .flatMap(List::stream)
                .toList();
    }

    private List<Family> ofStatements(String database) {
        var sampled = statements.sampled();
        var figures = statements.figures();
        return List.of(
                counter(
                        database,
                        "viewkeeper_statement_calls_total",
                        "Executions of statements, top level and without Viewkeeper's own, by pg_stat_statements"
                                + SINCE_START,
                        value(sampled.map(sample -> (double) sample.calls()))),
                counter(
                        database,
                        "viewkeeper_statement_seconds_total",
                        "Execution time of these statements" + SINCE_START,
                        value(sampled.map(sample -> sample.millis() / 1e3))),
                gauge(
                        database,
                        "avg_query_time_ms",
                        "Mean execution time in milliseconds: execution time divided by executions" + WINDOW,
                        figures.averageMillis()),
                gauge(
                        database,
                        "p95_query_time_ms",
                        "Estimate of the 95th percentile of the execution time over executions, in milliseconds,"
                                + " from each statement's count, mean, deviation, minimum and maximum; absent where"
                                + " these allow for times that differ threefold"
                                + WINDOW,
                        figures.p95Millis()),
                gauge(
                        database,
                        "slow_query_count",
                        "Statements whose mean execution time exceeds the threshold"
                                + " (viewkeeper.metrics.statistics.slow-query-threshold, default 200 ms)" + WINDOW,
                        figures.slow()));
    }

    private List<Family> ofTables(String database) {
        var window = tables.scans();
        return List.of(
                scans(database),
                gauge(
                        database,
                        "index_usage_percent",
                        "100 times index scans divided by all scans, of tables with more than 10,000 rows, without"
                                + " those of Viewkeeper's refreshes" + WINDOW,
                        flat(window, Scans::indexUsagePercent)),
                gauge(
                        database,
                        "index_scan_ratio",
                        "Index scans divided by all scans, of all tables and materialized views, without those of"
                                + " Viewkeeper's refreshes" + WINDOW,
                        flat(window, Scans::indexRatio)),
                gauge(
                        database,
                        "table_scan_ratio",
                        "Sequential scans divided by all scans, of all tables and materialized views, without those of"
                                + " Viewkeeper's refreshes" + WINDOW,
                        flat(window, Scans::tableRatio)),
                gauge(
                        database,
                        "effective_cache_size_usage",
                        "Size of the database by pg_class.relpages divided by effective_cache_size, 1 at most",
                        tables.effectiveCacheUsage()));
    }

    private Family scans(String database) {
        var points = tables.sinceStart().stream()
                .flatMap(scans -> Stream.of(
                        new Point(List.of(database, "sequential"), scans.sequential()),
                        new Point(List.of(database, "index"), scans.byIndex())))
                .toList();
        return new Family(
                "viewkeeper_table_scans_total",
                Kind.COUNTER,
                "Scans of tables and materialized views, without those of Viewkeeper's refreshes and of its own tables"
                        + SINCE_START,
                List.of("database", "kind"),
                points,
                0);
    }

    private List<Family> ofBuffers(String database) {
        var sampled = statements.sampled();
        return List.of(
                counter(
                        database,
                        "viewkeeper_blocks_hit_total",
                        "Blocks that these statements found in shared buffers" + SINCE_START,
                        value(sampled.map(sample -> (double) sample.blocks().hit()))),
                counter(
                        database,
                        "viewkeeper_blocks_read_total",
                        "Blocks that these statements did not find in shared buffers" + SINCE_START,
                        value(sampled.map(sample -> (double) sample.blocks().read()))),
                gauge(
                        database,
                        "buffer_cache_hit_ratio",
                        "Blocks that statements found in shared buffers divided by all that they asked for, without"
                                + " Viewkeeper's own" + WINDOW,
                        statements.figures().blocks().hitRatio()),
                gauge(
                        database,
                        "shared_buffers_utilization",
                        "Used shared buffers divided by all, of the whole server, by pg_buffercache",
                        buffers.sharedBuffersUtilization()));
    }

    private List<Family> missing(String database) {
        return List.of(Family.single(
                "viewkeeper_statistics_missing",
                Kind.GAUGE,
                "1 while a source of statistics cannot be read although the database answers, see the log",
                List.of("database", "source"),
                List.of(database, "pg_stat_statements"),
                missing()));
    }

    private OptionalDouble missing() {
        if (collecting.silentSince("statements").isPresent()) {
            return OptionalDouble.empty();
        }
        if (statements.obstacle().isPresent()) {
            return OptionalDouble.of(1);
        }
        return statements.sampled().isPresent() ? OptionalDouble.of(0) : OptionalDouble.empty();
    }

    private static <T> OptionalDouble flat(Optional<T> window, Function<T, OptionalDouble> figure) {
        return window.map(figure).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble value(Optional<Double> value) {
        return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
    }

    private static Family counter(String database, String name, String help, OptionalDouble value) {
        return Family.single(name, Kind.COUNTER, help, LABELS, List.of(database), value);
    }

    private static Family gauge(String database, String name, String help, OptionalDouble value) {
        return Family.single(name, Kind.GAUGE, help, LABELS, List.of(database), value);
    }
}
