// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which statements read a view, on a server that counts them. */
@Tag("server")
@QuarkusTest
@WithTestResource(SharedDatabase.class)
class UsageTest {
    private static final ViewName SALES = new ViewName("mart", "sales");
    private static final ViewName NAMESAKE = new ViewName("other", "sales");
    private static final ViewName QUOTED = new ViewName("mart", "Sales \"by\" day");
    private static final ViewName INPUT = new ViewName("mart", "input");
    private static final ViewName OUTPUT = new ViewName("mart", "output");
    private static final ViewName UNREAD = new ViewName("mart", "unread");

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private World world;
    private Statistics statistics;

    /** Views of one name in two schemas, a view over one, one that feeds another. */
    static void prepare(World world, Map<String, String> settings) {
        try {
            world.database().execute(Role.SUPERUSER, """
                    create schema mart;
                    create schema other;
                    create materialized view mart.sales as select 1 as a;
                    create materialized view other.sales as select 2 as a;
                    create materialized view mart."Sales ""by"" day" as select 3 as a;
                    create materialized view mart.input as select 4 as a;
                    create materialized view mart.output as select * from mart.input;
                    create materialized view mart.unread as select 5 as a;
                    create view mart.report as select * from mart.sales;
                    create view mart.report_of_report as select * from mart.report;
                    """);
            world.database()
                    .execute(
                            Role.SUPERUSER,
                            "alter database \"" + world.database().name()
                                    + "\" set search_path = \"$user\", mart, public");
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
        for (var view : List.of(SALES, NAMESAKE, QUOTED, INPUT, OUTPUT, UNREAD)) {
            world.discovered(view);
        }
        settings.put("viewkeeper.metrics.usage.unread-after", "PT0.001S");
    }

    @BeforeEach
    void isReady() {
        world = World.of(config);
        statistics = new Statistics(new Service(http, management), world.database());
        Await.until("ready", statistics.service()::isReady);
        statistics.awaitFirstSampleOf("statements");
        Await.until("the first count", () -> !Double.isNaN(reads(SALES)));
    }

    @Test
    void whatReadsAViewIsCountedForItHoweverItIsNamed() {
        double before = reads(SALES);
        var began = Instant.now();
        statistics.execute("select a, pg_catalog.pg_sleep(0.05) from mart.sales where a = 1", 3);
        statistics.execute("with sales as (select * from sales) select * from sales", 2);
        statistics.execute("select * from mart.report_of_report", 4);
        Await.until("3 + 2 + 4 reads, now " + (reads(SALES) - before), () -> reads(SALES) == before + 9);
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1e3;
        assertThat(value("viewkeeper_view_read_seconds_total", SALES)).isBetween(0.15, seconds);
        assertThat(value("view_query_performance", SALES)).isBetween(1.0, 1e3 * seconds);
        var usage = usage(SALES);
        assertThat(usage.path("reads").asLong()).isEqualTo((long) before + 9);
        assertThat(usage.path("readsPerMinute").asDouble()).isPositive();
        assertThat(usage.path("unread").asBoolean()).isFalse();
    }

    @Test
    void aNameThatOnlyLooksLikeAReadCountsForNoView() {
        double sales = reads(SALES);
        double namesake = reads(NAMESAKE);
        double quoted = reads(QUOTED);
        statistics.execute("select 'mart.sales', a as sales from (values (1)) as sales (a) /* from mart.sales */");
        statistics.execute("with sales as (select 1 as a) select * from sales");
        statistics.execute("refresh materialized view mart.sales");
        statistics.execute("select count(*) from other.sales", 2);
        statistics.execute("select * from mart.\"Sales \"\"by\"\" day\"", 5);
        Await.until("the others", () -> reads(NAMESAKE) == namesake + 2 && reads(QUOTED) == quoted + 5);
        statistics.awaitSampleOf("statements");
        statistics.awaitSampleOf("view_reads");
        assertThat(reads(SALES)).isEqualTo(sales);
    }

    @Test
    void aViewThatIsRefreshedForNobodyIsSaidToBeUnreadUnlessItFeedsAnother() {
        var now = Instant.now();
        var events = new Events(world.database().name());
        for (var view : List.of(INPUT, OUTPUT, UNREAD)) {
            world.publish(events.completed(view, 1, now, 8_192));
        }
        Await.until(
                "the events",
                () -> List.of(INPUT, OUTPUT, UNREAD).stream()
                        .allMatch(view -> statistics
                                        .service()
                                        .view(view)
                                        .path("lastEventSequence")
                                        .asLong()
                                == 1));
        Await.until("unread", () -> usage(UNREAD).path("unread").asBoolean());
        assertThat(reads(UNREAD)).isZero();
        assertThat(value("view_query_performance", UNREAD)).isNaN();
        assertThat(usage(UNREAD).path("refreshSecondsPerRead").isNull()).isTrue();
        assertThat(usage(INPUT).path("feeds")).extracting(JsonNode::asText).containsExactly(OUTPUT.toString());
        assertThat(usage(INPUT).path("unread").asBoolean()).isFalse();
        assertThat(value("viewkeeper_view_dependents", INPUT)).isOne();
        assertThat(value("viewkeeper_view_dependents", OUTPUT)).isZero();
        assertThat(usage(OUTPUT).path("unread").asBoolean()).isTrue();

        double before = usage(OUTPUT).path("reads").asDouble();
        statistics.execute("select * from mart.output", 3);
        Await.until("reads", () -> usage(OUTPUT).path("reads").asDouble() == before + 3);
        assertThat(usage(OUTPUT).path("refreshSecondsPerRead").asDouble()).isEqualTo(0.15 / 3);
    }

    @Test
    void aViewOfANewNameIsCountedFromThenOnAndTheOldOneIsForgotten() {
        var first = new ViewName("mart", "before_rename");
        var second = new ViewName("mart", "after_rename");
        statistics.execute("create materialized view mart.before_rename as select 1 as a");
        world.discovered(first);
        Await.until("its series", () -> !Double.isNaN(reads(first)));
        statistics.execute("select * from mart.before_rename", 2);
        Await.until("its reads", () -> reads(first) == 2);

        statistics.execute("alter materialized view mart.before_rename rename to after_rename");
        world.dropped(first);
        world.discovered(second);
        Await.until("the new series", () -> Double.isNaN(reads(first)) && !Double.isNaN(reads(second)));
        statistics.execute("select a from mart.after_rename", 3);
        Await.until("its reads", () -> reads(second) == 3);
    }

    private double reads(ViewName view) {
        return value("viewkeeper_view_reads_total", view);
    }

    private double value(String name, ViewName view) {
        String series = "%s{database=\"%s\",schema=\"%s\",view=\"%s\"}"
                .formatted(
                        name,
                        world.database().name(),
                        view.schema(),
                        view.name().replace("\"", "\\\""));
        return Double.parseDouble(statistics.service().scrape().getOrDefault(series, "NaN"));
    }

    private JsonNode usage(ViewName view) {
        for (var one : statistics.service().json(http, "/usage").path("views")) {
            if (one.path("view").asText().equals(view.toString())) {
                return one;
            }
        }
        return MissingNode.getInstance();
    }
}
