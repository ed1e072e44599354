// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What is missing is absent, or goes on where it was, and nothing else suffers. */
@Tag("server")
@QuarkusTest
@WithTestResource(value = StatisticsFaultsTest.Bare.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatisticsFaultsTest {
    private static final List<String> COLLECTORS = List.of("statements", "tables", "buffers", "view_buffers");
    private static final String CALLS = "viewkeeper_statement_calls_total";

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private Statistics statistics;

    /** A database without extensions. */
    public static class Bare extends TestServers {
        @Override
        protected void prepare(World world, Map<String, String> settings) {
            try {
                world.database().execute(Role.SUPERUSER, "drop extension pg_stat_statements cascade");
                world.database().execute(Role.SUPERUSER, "drop extension pg_buffercache");
            } catch (SQLException refused) {
                throw new IllegalStateException(refused);
            }
            settings.put("test.ticks", "true");
            // As in production: this is about a collector that hangs.
            settings.put("quarkus.datasource.statistics.reactive.additional-properties.statement_timeout", "2s");
            settings.put("viewkeeper.metrics.database.statistics-patience", "PT3S");
        }
    }

    @BeforeEach
    void isReady() {
        var world = World.of(config);
        statistics = new Statistics(new Service(http, management), world.database());
        Await.until("ready", statistics.service()::isReady);
        COLLECTORS.forEach(statistics::awaitSampleOf);
    }

    @Test
    @Order(1)
    void withoutExtensionsTheirMetricsAreAbsentAndNoCollectorFails() {
        assertThat(statistics.value(CALLS)).isNaN();
        assertThat(statistics.value("avg_query_time_ms")).isNaN();
        assertThat(statistics.value("slow_query_count")).isNaN();
        assertThat(statistics.value("shared_buffers_utilization")).isNaN();
        assertThat(statistics.value("buffer_cache_hit_ratio")).isNaN();
        Await.until("judged", () -> kpis().contains("pg_stat_statements is not installed in this database"));
        statistics.awaitSuccessOf(COLLECTORS);
    }

    private String kpis() {
        return statistics.service().get(http, "/kpis").body();
    }

    @Test
    @Order(2)
    void extensionsThatAppearLaterAreFoundInWhateverSchemaTheyAre() {
        statistics.execute("create schema \"Ext \"\" ensions\";"
                + " create extension pg_stat_statements schema \"Ext \"\" ensions\" version '1.8';"
                + " grant usage on schema \"Ext \"\" ensions\" to viewkeeper_metrics");
        Await.until("it is too old", () -> kpis().contains("run alter extension pg_stat_statements update"));
        assertThat(statistics.value("viewkeeper_statistics_missing", "source", "pg_stat_statements"))
                .isEqualTo(1);
        statistics.execute("alter extension pg_stat_statements update;"
                + " create extension pg_buffercache schema \"Ext \"\" ensions\"");
        statistics.await("shared_buffers_utilization", value -> value > 0);
        statistics.await(CALLS, value -> value >= 0);
        double calls = statistics.value(CALLS);
        statistics.execute("select 3 + 3", 50);
        statistics.await(CALLS, value -> value >= calls + 50);
        statistics.await("avg_query_time_ms", value -> value > 0);
        statistics.awaitSuccessOf(COLLECTORS);
    }

    @Test
    @Order(3)
    void withoutUsageOfTheSchemaTheMetricsOfExtensionsAreAbsentUntilItIsGranted() {
        statistics.execute("revoke usage on schema \"Ext \"\" ensions\" from viewkeeper_metrics");
        statistics.await("avg_query_time_ms", Double::isNaN);
        statistics.await("shared_buffers_utilization", Double::isNaN);
        assertThat(statistics.value(CALLS)).isNotNegative();
        statistics.awaitSuccessOf(COLLECTORS);
        statistics.execute("grant usage on schema \"Ext \"\" ensions\" to viewkeeper_metrics");
        statistics.await("avg_query_time_ms", value -> value > 0);
        statistics.await("shared_buffers_utilization", value -> value > 0);
    }

    @Test
    @Order(4)
    void whoMayNotSeeOthersStatementsKnowsNoTimesAndWhenHeMayCountsWhatHeMissed() {
        double before = statistics.value(CALLS);
        statistics.execute("revoke pg_monitor from viewkeeper_metrics");
        try {
            statistics.await("avg_query_time_ms", Double::isNaN);
            assertThat(statistics.value("slow_query_count")).isNaN();
            statistics.await("shared_buffers_utilization", Double::isNaN);
            statistics.execute("select 4 + 4", 200);
            statistics.awaitSampleOf("statements");
            assertThat(statistics.value(CALLS)).isBetween(before, before + 100);
            assertThat(statistics.value("buffer_cache_hit_ratio")).isNaN();
            Await.until("judged", () -> kpis().contains("may not see what others execute: grant pg_monitor"));
            statistics.awaitSuccessOf(COLLECTORS);
        } finally {
            statistics.execute("grant pg_monitor to viewkeeper_metrics");
        }
        statistics.await(CALLS, value -> value >= before + 200);
        assertThat(statistics.value(CALLS)).isLessThan(before + 300);
    }

    @Test
    @Order(5)
    void aCollectorThatHangsFailsAloneKeepsItsValuesAndCountsOnWhenItIsBack() {
        double before = statistics.value(CALLS);
        double average = statistics.value("avg_query_time_ms");
        statistics.execute(
                // At once: a collector that found no function would forget its values, and rightly.
                "begin; set search_path = \"Ext \"\" ensions\";"
                        + " alter extension pg_stat_statements drop function pg_stat_statements(boolean);"
                        + " alter function pg_stat_statements(boolean) rename to the_true_one;"
                        + " create function pg_stat_statements(showtext boolean) returns setof pg_stat_statements language sql"
                        + " as 'select s.* from \"Ext \"\" ensions\".pg_stat_statements s, (select pg_catalog.pg_sleep(300)) as hang'; commit");
        Await.until("it hangs", () -> success("statements") == 0);
        assertThat(statistics.value(CALLS)).isGreaterThanOrEqualTo(before);
        assertThat(statistics.value("avg_query_time_ms")).isPositive().isFinite();
        assertThat(average).isPositive();
        statistics.execute("select 5 + 5", 100);
        for (String other : List.of("tables", "buffers", "view_buffers", "views")) {
            statistics.awaitSampleOf(other);
        }
        assertThat(success("statements")).isZero();
        statistics.await(
                "viewkeeper_collector_duration_seconds",
                "collector",
                "statements",
                value -> value > 1.9 && value < 3.5);

        statistics.execute("begin; set search_path = \"Ext \"\" ensions\"; drop function pg_stat_statements(boolean);"
                + " alter function the_true_one(boolean) rename to pg_stat_statements;"
                + " alter extension pg_stat_statements add function pg_stat_statements(boolean); commit");
        Await.until("it is back", () -> success("statements") == 1);
        statistics.await(CALLS, value -> value >= before + 100);
        assertThat(statistics.value(CALLS)).isLessThan(before + 300);
    }

    /** Of megabytes of texts the server takes longer than a collector may, and not each time. */
    @Test
    @Tag("release")
    @Order(6)
    void textsThatTakeLongAreReadAllTheSame() {
        var view = new ViewName("public", "read_by_a_long_text");
        statistics.execute("create materialized view read_by_a_long_text as select 1 as id");
        World.of(config).discovered(view);
        statistics.execute("begin; set search_path = \"Ext \"\" ensions\";"
                + " alter extension pg_stat_statements drop view pg_stat_statements;"
                + " alter view pg_stat_statements rename to the_true_view;"
                + " create view pg_stat_statements as"
                + " select s.* from the_true_view s, (select pg_catalog.pg_sleep(3)) as slow;"
                + " grant select on pg_stat_statements to viewkeeper_metrics; commit");
        statistics.execute("select id from read_by_a_long_text", 7);
        Await.until(
                "its reads",
                () -> statistics
                        .service()
                        .scrape()
                        .getOrDefault(
                                "viewkeeper_view_reads_total{database=\""
                                        + statistics.database().name()
                                        + "\",schema=\"public\",view=\"read_by_a_long_text\"}",
                                "0")
                        .equals("7.0"));
        statistics.execute("begin; set search_path = \"Ext \"\" ensions\"; drop view pg_stat_statements;"
                + " alter view the_true_view rename to pg_stat_statements;"
                + " alter extension pg_stat_statements add view pg_stat_statements; commit");
    }

    @Test
    @Order(7)
    void extensionsThatAreDroppedTakeTheirFiguresWithThem() {
        double before = statistics.value(CALLS);
        statistics.execute("drop extension pg_stat_statements; drop extension pg_buffercache");
        statistics.await("avg_query_time_ms", Double::isNaN);
        statistics.await("shared_buffers_utilization", Double::isNaN);
        assertThat(statistics.value(CALLS)).isGreaterThanOrEqualTo(before);
        statistics.awaitSuccessOf(COLLECTORS);
    }

    private double success(String collector) {
        return statistics.value("viewkeeper_collector_success", "collector", collector);
    }
}
