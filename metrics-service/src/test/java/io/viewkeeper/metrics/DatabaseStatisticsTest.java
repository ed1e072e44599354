// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each figure moves when, and as, what it measures moves. */
@Tag("server")
@QuarkusTest
@WithTestResource(SharedDatabase.class)
class DatabaseStatisticsTest {
    private static final List<String> COLLECTORS = List.of("statements", "tables", "buffers", "view_buffers", "views");

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private Statistics statistics;
    private World world;

    @BeforeEach
    void isReady() {
        world = World.of(config);
        statistics = new Statistics(new Service(http, management), world.database());
        Await.until("ready", statistics.service()::isReady);
        COLLECTORS.forEach(statistics::awaitFirstSampleOf);
    }

    @Test
    void theTimesOfStatementsFollowWhatIsExecuted() {
        statistics.awaitSampleOf("statements");
        var before = statistics.service().scrape();
        double calls = statistics.of(before, "viewkeeper_statement_calls_total");
        double seconds = statistics.of(before, "viewkeeper_statement_seconds_total");
        double slow = statistics.of(before, "slow_query_count");
        long everSlow = statementsThatWereEverSlow();
        var began = Instant.now();

        statistics.execute("select 1, pg_catalog.pg_sleep(0.3)", 5);
        statistics.awaitSampleOf("statements");
        var after = statistics.service().scrape();
        double elapsed = Duration.between(began, Instant.now()).toMillis() / 1e3;
        assertThat(statistics.of(after, "viewkeeper_statement_calls_total")).isGreaterThanOrEqualTo(calls + 5);
        assertThat(statistics.of(after, "viewkeeper_statement_seconds_total"))
                .isBetween(seconds + 1.5, seconds + elapsed);
        assertThat(statistics.of(after, "slow_query_count"))
                .isBetween(slow + 1, slow + statementsThatWereEverSlow() - everSlow);
        double average = statistics.of(after, "avg_query_time_ms");

        // As many as it takes, for other tests' calls are in the window, too.
        Await.until("an average below the half of " + average, () -> {
            statistics.execute("select 1", 1_000);
            statistics.awaitSampleOf("statements");
            return statistics.value("avg_query_time_ms") < average / 2;
        });
        double quick = statistics.value("p95_query_time_ms");
        assertThat(quick).isPositive().isLessThan(50);

        Await.until("a higher percentile than " + quick, () -> {
            statistics.execute("select pg_catalog.pg_sleep(0.003)", 200);
            statistics.awaitSampleOf("statements");
            return statistics.value("p95_query_time_ms") > 3;
        });
        assertThat(statistics.value("slow_query_count"))
                .isBetween(slow + 1, slow + statementsThatWereEverSlow() - everSlow);
    }

    /** One more of them unless the server stood still in the midst of another statement. */
    private long statementsThatWereEverSlow() {
        try (var connection = world.database().connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        select count(*)
                        from pg_stat_statements s
                        join pg_database d on d.oid = s.dbid
                        where d.datname = current_database()
                          and s.toplevel
                          and s.max_exec_time > 200
                        """)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    @Test
    void whatViewkeeperExecutesIsNoStatement() throws SQLException {
        statistics.awaitSampleOf("statements");
        double before = statistics.value("viewkeeper_statement_calls_total");
        try (var connection = world.database().connect(Role.REFRESHER);
                var statement = connection.createStatement()) {
            for (int i = 0; i < 500; i++) {
                statement.execute("select 1");
            }
        }
        statistics.awaitSampleOf("statements");
        assertThat(statistics.value("viewkeeper_statement_calls_total")).isLessThan(before + 500);
    }

    @Test
    void theScanRatiosFollowTheScans() {
        statistics.execute("""
                create table large (id bigint primary key);
                insert into large select generate_series(1, 20000);
                create table small (id bigint primary key);
                insert into small select generate_series(1, 10);
                vacuum (analyze) large;
                vacuum (analyze) small
                """);
        statistics.awaitSampleOf("tables");
        double sequential = statistics.value("viewkeeper_table_scans_total", "kind", "sequential");
        double byIndex = statistics.value("viewkeeper_table_scans_total", "kind", "index");

        statistics.execute("select count(*) from large", 100);
        statistics.await("viewkeeper_table_scans_total", "kind", "sequential", value -> value >= sequential + 100);
        double usage = statistics.value("index_usage_percent");
        double ratio = statistics.value("index_scan_ratio");
        statistics.execute("select id from large where id = 77", 1_000);
        statistics.await("viewkeeper_table_scans_total", "kind", "index", value -> value >= byIndex + 1_000);
        assertThat(statistics.value("index_usage_percent")).isGreaterThan(usage).isBetween(80.0, 100.0);
        assertThat(statistics.value("index_scan_ratio")).isGreaterThan(ratio);

        double higher = statistics.value("index_usage_percent");
        double share = statistics.value("table_scan_ratio");
        statistics.execute("select count(*) from small", 3_000);
        statistics.await("table_scan_ratio", value -> value > share + 0.3);
        assertThat(statistics.value("index_usage_percent")).isCloseTo(higher, within(0.5));
        var oneScrape = statistics.figures();
        String labels = "{database=\"" + world.database().name() + "\"}";
        assertThat(oneScrape.getOrDefault("table_scan_ratio" + labels, 0.0)
                        + oneScrape.getOrDefault("index_scan_ratio" + labels, 0.0))
                .isEqualTo(1.0);
    }

    @Test
    void theHitRatioFallsWithReadsAndRisesWithHits() {
        statistics.execute(
                "create table cold as select g as id, repeat('x', 500) as filler from generate_series(1, 40000) g;"
                        + " checkpoint");
        statistics.awaitSampleOf("statements");
        double before = statistics.value("buffer_cache_hit_ratio");
        double read = statistics.value("viewkeeper_blocks_read_total");
        for (int i = 0; i < 3; i++) {
            statistics.execute("select pg_buffercache_evict_relation('cold'); select count(*) from cold");
        }
        statistics.await("viewkeeper_blocks_read_total", value -> value > read + 6_000);
        double lower = statistics.value("buffer_cache_hit_ratio");
        assertThat(lower).isLessThan(before).isBetween(0.0, 1.0);

        double hit = statistics.value("viewkeeper_blocks_hit_total");
        statistics.execute("select count(*) from cold", 30);
        statistics.await("viewkeeper_blocks_hit_total", value -> value > hit + 60_000);
        assertThat(statistics.value("buffer_cache_hit_ratio")).isGreaterThan(lower);
    }

    @Test
    void theUseOfSharedBuffersAndOfTheCacheFollowWhatIsThere() {
        // Or else autovacuum would tell of other tests' tables in the midst of this.
        statistics.execute("analyze");
        statistics.awaitSampleOf("tables");
        double used = statistics.value("shared_buffers_utilization");
        double share = statistics.value("effective_cache_size_usage");
        assertThat(used).isBetween(0.0, 1.0);
        // Not CREATE TABLE AS, which goes through a few buffers only.
        statistics.execute("create table filler (id int, filler text); insert into filler select g, repeat('x', 1000)"
                + " from generate_series(1, 40000) g; analyze filler");
        // Some 5,700 blocks of 32,768 shared buffers, and of the 524,288 that effective_cache_size allows.
        statistics.await("shared_buffers_utilization", value -> value > used + 0.1 || value > 0.99);
        statistics.await("effective_cache_size_usage", value -> value > share + 0.01);
        double fuller = statistics.value("shared_buffers_utilization");
        statistics.execute("drop table filler");
        statistics.await("shared_buffers_utilization", value -> value < fuller - 0.1);
        statistics.await("effective_cache_size_usage", value -> value < share + 0.005);
        statistics.execute("""
                alter role viewkeeper_metrics in database "%1$s" set effective_cache_size = '1MB';
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = '%1$s' and usename = 'viewkeeper_metrics'
                """.formatted(world.database().name()));
        statistics.await("effective_cache_size_usage", value -> value == 1);
    }

    @Test
    void theRatioOfAViewFollowsItsBlocksAndGoesWithTheView() {
        var view = new ViewName("analytics", "read_often");
        statistics.execute("create materialized view analytics.read_often as select g as id, repeat('y', 500) as filler"
                + " from generate_series(1, 20000) g; create unique index on analytics.read_often (id);"
                + " vacuum (analyze) analytics.read_often; checkpoint");
        world.discovered(view);
        Await.until("the view", () -> !statistics.service().view(view).isMissingNode());
        statistics.awaitSampleOf("view_buffers");
        // Of a column that no index has: all of a vacuumed view's rows are counted by its index alone.
        statistics.execute("select count(filler) from analytics.read_often", 5);
        statistics.await(view, value -> value > 0.9);
        statistics.await(view, value -> {
            // Again and again: a block that somebody writes or looks at stays.
            statistics.execute("select pg_buffercache_evict_relation('analytics.read_often');"
                    + " select count(filler) from analytics.read_often");
            return value < 0.9;
        });

        // Made again: another view, of which nothing is known yet.
        statistics.execute(
                "drop materialized view analytics.read_often; create materialized view analytics.read_often as"
                        + " select 1 as id");
        statistics.await(view, value -> Double.isNaN(value));
        statistics.awaitSampleOf("view_buffers");
        statistics.execute("select count(*) from analytics.read_often", 5);
        statistics.await(view, value -> value > 0.9);

        statistics.execute("alter materialized view analytics.read_often rename to renamed");
        statistics.await(view, value -> Double.isNaN(value));
        world.dropped(view);
        Await.until(
                "no series",
                () -> statistics.service().scrape().keySet().stream()
                        .noneMatch(series -> series.contains("read_often")));
    }

    @Test
    void aHeldExclusiveLockChangesNothing() throws SQLException {
        var view = new ViewName("analytics", "locked");
        statistics.execute(
                "create table locked (id bigint primary key); insert into locked select generate_series(1, 20000);"
                        + " create materialized view analytics.locked as select id from locked; create table free (id int); analyze");
        world.discovered(view);
        Await.until("the view", () -> !statistics.service().view(view).isMissingNode());
        try (var holder = world.database().connect(Role.SUPERUSER);
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table locked in access exclusive mode");
            statement.execute("alter table locked add column more int");
            statement.execute("refresh materialized view analytics.locked");
            double sequential = statistics.value("viewkeeper_table_scans_total", "kind", "sequential");
            statistics.execute("select count(*) from free", 50);
            statistics.await("viewkeeper_table_scans_total", "kind", "sequential", value -> value >= sequential + 50);
            for (String collector : COLLECTORS) {
                statistics.awaitSampleOf(collector);
            }
            // What the collectors would wait for, if they asked for sizes.
            assertThatThrownBy(
                            () -> world.database()
                                    .execute(
                                            Role.METRICS,
                                            "set lock_timeout = '100ms'; select pg_catalog.pg_total_relation_size('analytics.locked')"))
                    .hasMessageContaining("lock timeout");
            holder.rollback();
        }
    }

    @Test
    void resetsAndEvictionsMakeNothingFallOrNegativeAndAreCountedOn() {
        double calls = statistics.value("viewkeeper_statement_calls_total");
        statistics.execute("select 2 + 2", 100);
        statistics.await("viewkeeper_statement_calls_total", value -> value >= calls + 100);

        statistics.execute("""
                select pg_stat_statements_reset(s.userid, s.dbid, s.queryid) from pg_stat_statements s
                join pg_database d on d.oid = s.dbid
                where d.datname = current_database() and s.calls >= 100
                """);
        double afterEviction = statistics.value("viewkeeper_statement_calls_total");
        statistics.execute("select 2 + 2", 30);
        statistics.await("viewkeeper_statement_calls_total", value -> value >= afterEviction + 30);
        // The hundred calls before are not counted twice, nor subtracted.
        assertThat(statistics.value("viewkeeper_statement_calls_total")).isLessThan(afterEviction + 100);

        var before = statistics.counters();
        statistics.execute("select pg_stat_statements_reset(); select pg_stat_reset()");
        var reset = Instant.now();
        List.of("statements", "tables", "buffers").forEach(statistics::awaitSampleOf);
        statistics.execute("select 2 + 2", 500);
        statistics.await("viewkeeper_statement_calls_total", value -> value >= afterEviction + 530);
        assertThat(Instant.now()).isAfter(reset);
        statistics
                .counters()
                .forEach((series, value) -> assertThat(value)
                        .as(series)
                        .isFinite()
                        .isGreaterThanOrEqualTo(before.getOrDefault(series, 0.0)));
        statistics
                .figures()
                .forEach((series, value) ->
                        assertThat(value).as(series).isFinite().isNotNegative());
    }
}
