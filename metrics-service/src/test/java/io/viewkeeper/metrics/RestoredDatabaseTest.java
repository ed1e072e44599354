// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that was restored from a backup knows less than Kafka tells; what the views hold is what it says. */
@Tag("server")
@QuarkusTest
@WithTestResource(RestoredAndUsed.class)
class RestoredDatabaseTest {
    private static final ViewName VIEW = new ViewName("analytics", "restored");
    private static final Instant BACKUP = Instant.parse("2026-11-01T02:00:00Z");

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    /** Four refreshes are in the backup; Kafka has those of an hour ago, too. */
    static void prepare(World world) {
        world.discovered(VIEW);
        world.refreshed(VIEW, 4, BACKUP, Events.snapshot(BACKUP));
        var events = new Events(world.database().name());
        world.publish(events.completed(VIEW, 70, Instant.now().minus(Duration.ofHours(1)), 8_192));
    }

    @Test
    void whatTheDatabaseSaysIsShownWhateverEventsOfAnotherLifeSay() {
        var world = World.of(config);
        var service = new Service(http, management);
        Await.until("the old event", () -> events(service, "stale") >= 1);
        assertThat(dataTimestamp(service)).isEqualTo(seconds(Events.snapshot(BACKUP)));

        // Refreshed just before the restore, and the last events arrive now.
        double applied = events(service, "applied");
        var events = new Events(world.database().name());
        world.publish(events.completed(VIEW, 71, Instant.now(), 8_192));
        Await.until("the last event", () -> events(service, "applied") > applied);
        Await.until("the database's word", () -> dataTimestamp(service) == seconds(Events.snapshot(BACKUP)));

        // The numbers begin again where the backup ended.
        var next = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        world.refreshed(VIEW, 5, next, Events.snapshot(next));
        world.publish(events.completed(VIEW, 5, next, 8_192));
        Await.until("the next refresh", () -> dataTimestamp(service) == seconds(Events.snapshot(next)));
    }

    private static double dataTimestamp(Service service) {
        return sum(service, "viewkeeper_view_data_timestamp_seconds", VIEW.name());
    }

    private static double events(Service service, String outcome) {
        return sum(service, "viewkeeper_events_total", outcome);
    }

    private static double sum(Service service, String name, String part) {
        return service.scrape().entrySet().stream()
                .filter(sample ->
                        sample.getKey().startsWith(name) && sample.getKey().contains(part))
                .mapToDouble(sample -> Double.parseDouble(sample.getValue()))
                .sum();
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
