// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.viewkeeper.refresher.loop.RefreshLoop;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.refresher.register.Census;
import java.util.function.ToLongFunction;

/** Gauges of what the loops last saw: a scrape asks no database. */
final class Meters {

    private Meters() {}

    static void register(RefreshLoop refreshes, OutboxLoop outbox, MeterRegistry registry) {
        Gauge.builder("viewkeeper.outbox.pending.events", () -> outbox.state().pending())
                .description("Committed events that Kafka has not acknowledged")
                .register(registry);
        Gauge.builder(
                        "viewkeeper.outbox.oldest.event.age.seconds",
                        () -> outbox.state().oldestAge().toMillis() / 1000.0)
                .description("Age of the oldest event that Kafka has not acknowledged; 0 when there is none")
                .register(registry);
        views(refreshes, "scheduled", Census::scheduled, registry);
        views(refreshes, "refused", Census::refused, registry);
        views(refreshes, "suspended", Census::suspended, registry);
        views(refreshes, "unscheduled", Census::unscheduled, registry);
        Gauge.builder(
                        "viewkeeper.views.target.at.risk",
                        () -> refreshes.census().atRisk())
                .description("Scheduled views that cannot meet their freshness target")
                .register(registry);
    }

    private static void views(
            RefreshLoop refreshes, String state, ToLongFunction<Census> count, MeterRegistry registry) {
        Gauge.builder("viewkeeper.views", () -> count.applyAsLong(refreshes.census()))
                .description("Materialized views, as the last search of the catalog found them")
                .tag("state", state)
                .register(registry);
    }
}
