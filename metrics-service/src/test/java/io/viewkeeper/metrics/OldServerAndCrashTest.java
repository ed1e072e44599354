// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The oldest server that we work with, which counts otherwise in places, and one that crashes. */
@Tag("server")
@QuarkusTest
@WithTestResource(value = OldServerAndCrashTest.Fifteen.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class OldServerAndCrashTest {
    private static final List<String> COLLECTORS = List.of("statements", "tables", "buffers");

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private Statistics statistics;

    /** A server of its own. */
    public static class Fifteen extends TestServers {
        private @Nullable PostgresServer server;

        @Override
        protected PostgresServer postgres() {
            server = PostgresServer.start(PostgresOptions.version(PostgresVersion.V15));
            return server;
        }

        @Override
        protected void prepare(World world, Map<String, String> settings) {
            settings.put("test.ticks", "true");
        }

        @Override
        public void stop() {
            if (server != null) {
                server.close();
            }
        }
    }

    @BeforeEach
    void isReady() {
        statistics =
                new Statistics(new Service(http, management), World.of(config).database());
        Await.until("ready", statistics.service()::isReady);
        COLLECTORS.forEach(statistics::awaitFirstSampleOf);
    }

    @Test
    void allFiguresAreThereOnPostgres15() {
        statistics.awaitSampleOf("buffers");
        double empty = statistics.value("shared_buffers_utilization");
        statistics.execute(
                "create table large (id bigint primary key, filler text);"
                        + " insert into large select g, repeat('x', 1000) from generate_series(1, 20000) g; vacuum (analyze) large");
        statistics.await("shared_buffers_utilization", value -> value > empty + 0.07);
        statistics.awaitSampleOf("statements");
        double used = statistics.value("shared_buffers_utilization");
        double calls = statistics.value("viewkeeper_statement_calls_total");
        statistics.execute("select count(*) from large", 20);
        statistics.execute("select pg_catalog.pg_sleep(0.25)");
        statistics.await("viewkeeper_statement_calls_total", value -> value >= calls + 21);
        assertThat(used).isBetween(0.01, 1.0);
        assertThat(statistics.value("avg_query_time_ms")).isPositive();
        assertThat(statistics.value("p95_query_time_ms")).isPositive();
        statistics.await("slow_query_count", value -> value >= 1);
        statistics.await("index_usage_percent", value -> value >= 0 && value < 100);
        statistics.await("table_scan_ratio", value -> value > 0);
        statistics.await("buffer_cache_hit_ratio", value -> value > 0);
        statistics.await("effective_cache_size_usage", value -> value > 0);
        statistics.execute("drop table large");
        statistics.await("shared_buffers_utilization", value -> value < used - 0.05);
    }

    @Test
    void aCrashThatLosesAllStatisticsMakesNothingFallAndIsCountedOn() throws SQLException {
        statistics.execute("select 6 + 6", 300);
        statistics.awaitSampleOf("statements");
        var before = statistics.counters();
        double calls = statistics.value("viewkeeper_statement_calls_total");
        try (var witness = statistics.database().connect(Role.SUPERUSER);
                var connection = statistics.database().connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_catalog.pg_backend_pid()")) {
            row.next();
            // A backend that is killed takes all others with it, and the statistics, for nobody knows what it has
            // broken.
            assertThat(ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly())
                    .isTrue();
            Await.until("the crash", () -> !answers(witness));
        }
        Await.until("the server is back", this::answers);
        COLLECTORS.forEach(statistics::awaitSampleOf);
        statistics.execute("select 6 + 6", 50);
        statistics.await("viewkeeper_statement_calls_total", value -> value >= calls + 50);
        assertThat(statistics.value("viewkeeper_statement_calls_total")).isLessThan(calls + 300);
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

    private static boolean answers(Connection connection) {
        try (var statement = connection.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException broken) {
            return false;
        }
    }

    private boolean answers() {
        try {
            statistics.database().execute(Role.SUPERUSER, "select 1");
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }
}
