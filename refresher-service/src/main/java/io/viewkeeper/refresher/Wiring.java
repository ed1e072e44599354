// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.quarkus.runtime.StartupEvent;
import io.viewkeeper.refresher.command.CommandLog;
import io.viewkeeper.refresher.command.RunCancellation;
import io.viewkeeper.refresher.loop.RefreshLoop;
import io.viewkeeper.refresher.outbox.EventTopics;
import io.viewkeeper.refresher.outbox.KafkaSender;
import io.viewkeeper.refresher.outbox.OpenTopics;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.refresher.outbox.OutboxPublisher;
import io.viewkeeper.refresher.queue.Heartbeat;
import io.viewkeeper.refresher.retention.RefresherTables;
import io.viewkeeper.refresher.retention.RetentionConfig;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ScheduleConfig;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.refresher.status.Runs;
import io.viewkeeper.refresher.status.ViewStatuses;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.retention.Retention;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import io.viewkeeper.schema.service.loop.Loops;
import io.viewkeeper.schema.start.Instance;
import io.viewkeeper.schema.start.WrongSetting;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How the parts are put together. */
@Singleton
class Wiring {
    /** A little longer than the producer's own delivery.timeout.ms and max.block.ms together. */
    private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(30);

    private static final Duration OUTBOX_POLL = Duration.ofSeconds(1);

    private static final String SERVER_TIME = """
        /* viewkeeper:server-time */
        select pg_catalog.clock_timestamp() as now
        """;

    /** Makes first what settings may be wrong of: else the scheduler has begun, and stumbles over a start that is given up. */
    void check(
            @Observes @Priority(-1) StartupEvent event,
            Policies policies,
            Retention retention,
            Database database,
            ScheduleConfig config,
            @ConfigProperty(name = "quarkus.datasource.reactive.max-size") int connections) {
        var _ = rhythm(database, config);
        var _ = WrongSetting.checked(() -> Connections.require(connections, config.parallelism()));
    }

    @Produces
    @Singleton
    ViewStatuses viewStatuses(Database database) {
        return new ViewStatuses(database);
    }

    @Produces
    @Singleton
    Runs runs(Database database) {
        return new Runs(database);
    }

    @Produces
    @Singleton
    RunCancellation runCancellation(Database database, Policies policies) {
        return new RunCancellation(database, policies);
    }

    @Produces
    @Singleton
    CommandLog commandLog(Database database) {
        return new CommandLog(database);
    }

    @Produces
    @Singleton
    OutboxLoop outboxLoop(Database database, Loops loops, KafkaSender sender, EventTopics topics, SchemaGate gate) {
        var publisher = new OutboxPublisher(database, sender::send, DELIVERY_PATIENCE);
        return new OutboxLoop(
                database,
                loops.loop("outbox", OUTBOX_POLL, List.of("publish")),
                publisher,
                () -> gate.objection().map(OpenTopics::none).orElseGet(topics::ensure),
                () -> database.inTransaction(ViewStateAnnouncer::announceAgain),
                OUTBOX_POLL);
    }

    @Produces
    @Singleton
    Retention retention(Database database, RetentionConfig config) {
        return WrongSetting.checked(() -> new Retention(database, "refresher", RefresherTables.rules(config)));
    }

    @Produces
    @Singleton
    Policies policies(ScheduleConfig config) {
        return WrongSetting.checked(() -> new Policies(config));
    }

    @Produces
    @Singleton
    RefreshLoop refreshLoop(
            Database database,
            ScheduleConfig config,
            Policies policies,
            OutboxLoop outbox,
            Loops loops,
            Instance instance,
            @ConfigProperty(name = "viewkeeper.refresh.tick") Duration tick) {
        var heartbeat =
                new Heartbeat(database, instance.name(), Heartbeat.PERIOD, loops.loop("heartbeat", Heartbeat.PERIOD));
        return new RefreshLoop(
                database,
                policies,
                rhythm(database, config),
                heartbeat,
                loops.loop("refresh", tick, RefreshLoop.STEPS),
                _ -> outbox.wake());
    }

    private static RefreshLoop.Rhythm rhythm(Database database, ScheduleConfig config) {
        return WrongSetting.checked(() -> new RefreshLoop.Rhythm(
                config.parallelism(), config.discoveryInterval(), config.load(), () -> serverTime(database)));
    }

    private static Instant serverTime(Database database) {
        return database.queryOne(SERVER_TIME, row -> Instants.of(row, "now"));
    }
}
