// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What Viewkeeper's own roles do is no part of what is said of the application, however much it is. */
@Tag("server")
@QuarkusTest
@WithTestResource(value = OwnTrafficTest.ManyViews.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OwnTrafficTest {
    private static final int VIEWS = 200;
    private static final int WORKERS = 2;

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private Statistics statistics;

    /** Views of a table that the application reads, too, some through its index and some as a whole; and a failing one. */
    public static class ManyViews extends TestServers {
        @Override
        protected void prepare(World world, Map<String, String> settings) {
            settings.put("test.ticks", "true");
            try {
                world.database().execute(Role.SUPERUSER, """
                        create table sold (id bigint primary key, shop integer not null);
                        insert into sold select g, mod(g, 100) from generate_series(1, 20000) g;
                        create table cold as select g as id, repeat('x', 500) as filler from generate_series(1, 40000) g;
                        analyze;
                        grant select on sold to viewkeeper_refresher;
                        grant create on schema analytics to viewkeeper_refresher;
                        """);
                world.database().execute(Role.REFRESHER, """
                        do $do$
                        begin
                          for i in 1 .. %1$d loop
                            execute format(
                              'create materialized view analytics.small_%%1$s as select shop, count(*) from sold where %%2$s group by shop',
                              i, case when mod(i, 10) = 0 then 'shop = ' || mod(i, 100) else 'id between ' || i || ' and ' || i + 20 end);
                            execute format('create unique index on analytics.small_%%s (shop)', i);
                          end loop;
                        end $do$;
                        insert into viewkeeper.view_state (view_schema, view_name, view_oid)
                        select 'analytics', 'small_' || i, ('analytics.small_' || i)::regclass from generate_series(1, %1$d) i
                        """.formatted(VIEWS));
            } catch (SQLException refused) {
                throw new IllegalStateException(refused);
            }
        }
    }

    @BeforeEach
    void isReady() {
        statistics =
                new Statistics(new Service(http, management), World.of(config).database());
        Await.until("ready", statistics.service()::isReady);
        List.of("statements", "tables").forEach(statistics::awaitSampleOf);
    }

    @Test
    @Order(1)
    void withoutAnApplicationNothingIsKnownOfItAndNothingIsCritical() {
        refreshAll();
        List.of("statements", "tables").forEach(statistics::awaitSampleOf);
        Await.until("judged", () -> reason("index-usage").contains("0 times for certain"));
        assertThat(verdict("index-usage")).isEqualTo("unknown");
        assertThat(verdict("cache-hit-ratio")).isEqualTo("unknown");
        assertThat(reason("cache-hit-ratio")).contains("the least to judge by is 1000");
        assertThat(statistics.service().scrape().keySet())
                .noneMatch(series -> series.startsWith("viewkeeper_kpi_value") && series.contains("index-usage"))
                .noneMatch(series -> series.startsWith("index_usage_percent"));
    }

    @Test
    @Order(2)
    void whileManyViewsAreRefreshedTheFiguresAreThoseOfTheApplication() {
        var refreshing = CompletableFuture.runAsync(() -> IntStream.range(0, 2).forEach(_ -> refreshAll()));
        var truth = Workload.run(statistics, 10, 300, 700);
        refreshing.join();
        List.of("statements", "tables").forEach(statistics::awaitSampleOf);

        assertThat(truth.hitRatio()).isBetween(0.2, 0.8);
        assertThat(statistics.value("buffer_cache_hit_ratio")).isCloseTo(truth.hitRatio(), within(0.02));
        assertThat(statistics.value("index_usage_percent")).isCloseTo(100 * truth.indexShare(), within(2.0));
        assertThat(statistics.value("index_scan_ratio")).isCloseTo(truth.indexShare(), within(0.02));
        Await.until("judged", () -> !verdict("index-usage").equals("unknown"));
        assertThat(kpi("index-usage").path("value").asDouble()).isCloseTo(100 * truth.indexShare(), within(2.0));
        // What the server counts of everybody is something else.
        assertThat(shareOfEverybody()).isNotCloseTo(truth.indexShare(), within(0.05));
    }

    @Test
    @Order(3)
    void whatFailedRefreshesMayHaveScannedIsNotTakenForTheApplications() {
        statistics.execute(
                "update viewkeeper.view_state set event_sequence = event_sequence + 1, last_status = 'failed',"
                        + " last_method = 'concurrent' where view_name like 'small\\_%'",
                10);
        statistics.execute("select count(*) from sold", 500);
        statistics.awaitSampleOf("tables");
        assertThat(statistics.value("index_usage_percent")).isNaN();
        Await.until("judged", () -> verdict("index-usage").equals("unknown"));
        assertThat(reason("index-usage")).contains("may be those of refreshes");
    }

    private void refreshAll() {
        var workers = IntStream.range(0, WORKERS)
                .mapToObj(worker -> CompletableFuture.runAsync(() -> refresh(worker)))
                .toList();
        workers.forEach(CompletableFuture::join);
    }

    /** As the refresher does: the refresh, and the view's new state, in one transaction. */
    private void refresh(int worker) {
        try (var connection = statistics.database().connect(Role.REFRESHER);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 1 + worker; i <= VIEWS; i += WORKERS) {
                statement.execute("refresh materialized view concurrently analytics.small_" + i);
                statement.execute("update viewkeeper.view_state set event_sequence = event_sequence + 1,"
                        + " last_status = 'completed', last_method = 'concurrent' where view_name = 'small_" + i + "'");
                connection.commit();
            }
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private double shareOfEverybody() {
        try (var connection = statistics.database().connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select sum(idx_scan)::float8 / sum(seq_scan + idx_scan) from pg_stat_user_tables where relname = 'sold'")) {
            row.next();
            return row.getDouble(1);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private JsonNode kpi(String name) {
        return Stream.of(statistics.service().json(http, "/kpis"))
                .flatMap(kpis -> IntStream.range(0, kpis.size()).mapToObj(kpis::get))
                .filter(kpi -> kpi.path("kpi").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String verdict(String kpi) {
        return kpi(kpi).path("verdict").asText();
    }

    private String reason(String kpi) {
        return kpi(kpi).path("reason").asText();
    }
}
