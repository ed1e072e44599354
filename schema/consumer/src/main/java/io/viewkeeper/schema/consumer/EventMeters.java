// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;
import jakarta.inject.Singleton;
import java.util.List;

/** Counts records by type and by what became of them. */
@Singleton
public class EventMeters {
    private static final String UNKNOWN_TYPE = "unknown";
    private static final List<String> TYPES = List.of(RefreshCompleted.TYPE, RefreshFailed.TYPE, UNKNOWN_TYPE);

    private final MeterRegistry registry;

    EventMeters(MeterRegistry registry) {
        this.registry = registry;
        for (var type : TYPES) {
            for (var outcome : EventOutcome.values()) {
                eventsOf(type, outcome);
            }
        }
    }

    /** @param type the {@code ce_type}, whatever it holds */
    public void event(String type, EventOutcome outcome) {
        eventsOf(TYPES.contains(type) ? type : UNKNOWN_TYPE, outcome).increment();
    }

    private Counter eventsOf(String type, EventOutcome outcome) {
        return Counter.builder("viewkeeper_events")
                .description(
                        "Records read from the refresh topic: applied, duplicate (known already), stale (something as"
                                + " new was known, or of another database), or put into the dead-letter queue")
                .tag("type", type)
                .tag("outcome", outcome.label())
                .register(registry);
    }
}
