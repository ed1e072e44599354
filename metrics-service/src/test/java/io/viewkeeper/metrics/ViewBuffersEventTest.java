// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The collectors of blocks are held here: whatever is read, an event has caused. */
@Tag("server")
@QuarkusTest
@WithTestResource(SharedDatabase.class)
class ViewBuffersEventTest {
    private static final String READINGS = """
            select coalesce(sum(s.calls), 0)
            from pg_stat_statements s
            join pg_database d on d.oid = s.dbid
            where d.datname = current_database()
              and s.userid = 'viewkeeper_metrics'::regrole
              and s.query like '%pg_stat_get_blocks_fetched%'
            """;

    private static final List<String> HELD = List.of("view_buffers");
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

    @Inject
    Ticks ticks;

    private World world;
    private Statistics statistics;
    private Events events;

    /** Two views. */
    static void prepare(World world) {
        var statistics = new Statistics(new Service(URI.create("/"), URI.create("/")), world.database());
        create(VIEW, world, statistics);
        create(BURSTING, world, statistics);
    }

    private static void create(ViewName view, World world, Statistics statistics) {
        statistics.execute("create materialized view " + view.quoted()
                + " as select g as id, repeat('z', 500) as filler" + " from generate_series(1, 1000) g");
        world.discovered(view);
    }

    @BeforeEach
    void nothingIsReadButAfterEvents() {
        world = World.of(config);
        statistics = new Statistics(new Service(http, management), world.database());
        events = new Events(world.database().name());
        Await.until("ready", statistics.service()::isReady);
        HELD.forEach(statistics::awaitFirstSampleOf);
        ticks.hold(HELD);
    }

    @AfterEach
    void goesOn() {
        ticks.release(HELD);
    }

    @Test
    void anEventHasTheBlocksOfTheViewReadAtOnce() {
        create(OTHER, world, statistics);
        Await.until("the view", () -> !statistics.service().view(OTHER).isMissingNode());
        var sequence = new AtomicLong();
        // Again and again, for a view's first reading is there to be compared with, and one event may miss what follows
        // it.
        Await.until(() -> "ratio now " + statistics.hitRatio(VIEW), () -> {
            statistics.execute("select count(*) from analytics.refreshed; select count(*) from " + OTHER.quoted());
            world.publish(events.completed(VIEW, sequence.incrementAndGet(), Instant.now(), 8_192));
            return statistics.hitRatio(VIEW) > 0.9;
        });
        assertThat(statistics.hitRatio(OTHER)).isNaN();
        awaitEvent(VIEW, sequence.get());
    }

    private void awaitEvent(ViewName view, long sequence) {
        Await.until(
                "event " + sequence,
                () -> statistics.service().view(view).path("lastEventSequence").asLong() == sequence);
    }

    @Test
    void aBurstOfEventsIsReadTogether() {
        long before = readings(world);
        world.publish(LongStream.range(10, 40)
                .mapToObj(sequence -> events.completed(BURSTING, sequence, Instant.now(), 8_192))
                .toList());
        awaitEvent(BURSTING, 39);
        Await.until("a reading", () -> readings(world) > before);
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
