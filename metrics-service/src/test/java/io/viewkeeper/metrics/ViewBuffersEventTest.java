package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The collectors' intervals are an hour here: whatever is read, an event has caused. */
@Tag("server")
@QuarkusTest
@WithTestResource(value = ViewBuffersEventTest.Hourly.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class ViewBuffersEventTest {
    private static final String READINGS = """
            select coalesce(sum(s.calls), 0)
            from pg_stat_statements s
            join pg_database d on d.oid = s.dbid
            where d.datname = current_database()
              and s.userid = 'viewkeeper_metrics'::regrole
              and s.query like '%pg_stat_get_blocks_fetched%'
            """;

    private static final ViewName VIEW = new ViewName("analytics", "refreshed");
    private static final ViewName BURSTING = new ViewName("analytics", "refreshed often");
    private static final ViewName OTHER = new ViewName("analytics", "not refreshed");

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    /** Three views. */
    public static class Hourly extends TestServers {
        @Override
        protected void prepare(World world, Map<String, String> settings) {
            settings.put("viewkeeper.metrics.statistics.view-buffers-interval", "1h");
            settings.put("viewkeeper.metrics.statistics.buffers-interval", "1h");
            var statistics = new Statistics(new Service(URI.create("/"), URI.create("/")), world.database());
            for (var view : new ViewName[] {VIEW, BURSTING, OTHER}) {
                statistics.execute("create materialized view " + view.quoted()
                        + " as select g as id, repeat('z', 500) as filler" + " from generate_series(1, 1000) g");
                world.discovered(view);
            }
        }
    }

    @Test
    void anEventHasTheBlocksOfTheViewAndOfTheDatabaseReadAtOnce() {
        var world = World.of(config);
        var statistics = new Statistics(new Service(http, management), world.database());
        var events = new Events(world.database().name());
        Service.await("ready", statistics.service()::isReady);
        Service.await("the views", () -> !statistics.service().view(OTHER).isMissingNode());
        statistics.awaitFirstSampleOf("view_buffers");
        statistics.awaitFirstSampleOf("buffers");

        double hit = statistics.value("viewkeeper_blocks_hit_total");
        var sequence = new AtomicLong();
        // Again and again, for a view's first reading is there to be compared with, and one event may miss what follows
        // it.
        Service.await(
                () -> "ratio now " + statistics.hitRatio(VIEW) + ", blocks hit now "
                        + statistics.value("viewkeeper_blocks_hit_total") + ", before " + hit,
                () -> {
                    statistics.execute(
                            "select count(*) from analytics.refreshed; select count(*) from " + OTHER.quoted());
                    world.publish(events.completed(VIEW, sequence.incrementAndGet(), Instant.now(), 8_192));
                    return statistics.hitRatio(VIEW) > 0.9
                            && statistics.value("viewkeeper_blocks_hit_total") > hit + 100;
                });
        assertThat(statistics.value("buffer_cache_hit_ratio")).isBetween(0.0, 1.0);
        assertThat(statistics.hitRatio(OTHER)).isNaN();
    }

    @Test
    void aBurstOfEventsIsReadTogether() {
        var world = World.of(config);
        var statistics = new Statistics(new Service(http, management), world.database());
        var events = new Events(world.database().name());
        Service.await("ready", statistics.service()::isReady);
        statistics.awaitFirstSampleOf("view_buffers");
        long before = readings(world);
        world.publish(LongStream.range(10, 40)
                .mapToObj(sequence -> events.completed(BURSTING, sequence, Instant.now(), 8_192))
                .toList());
        Service.await(
                "the last event",
                () -> statistics
                                .service()
                                .view(BURSTING)
                                .path("lastEventSequence")
                                .asLong()
                        == 39);
        Service.await("a reading", () -> readings(world) > before);
        assertThat(readings(world) - before).isLessThan(20);
    }

    private static long readings(World world) {
        try (var connection = world.database().connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(READINGS)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
