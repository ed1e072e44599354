// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.scrape;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which meters of libraries are shown. Left out: hundreds that nobody asks for (most are of the Kafka clients), and
 * those whose names {@code promtool check metrics} objects to.
 */
@Singleton
class ForeignMeters implements MeterFilter {
    private static final List<String> LEFT_OUT = List.of("kafka.", "netty.", "postgresql.", "worker.pool.");

    private static final Set<String> KEPT = Set.of(
            "kafka.consumer.fetch.manager.records.lag",
            "kafka.consumer.fetch.manager.records.lag.max",
            "kafka.consumer.coordinator.assigned.partitions");

    /** Units in the middle of a name, counts that are gauges, and a timer whose help belongs to none of its series. */
    private static final Set<String> ILL_NAMED =
            Set.of("process.cpu.time", "system.cpu.count", "http.server.connections");

    /** Their library gives none. */
    private static final Map<String, String> HELP =
            Map.of("http.server.active.requests", "Requests that are being answered");

    @Override
    public Meter.Id map(Meter.Id id) {
        String help = HELP.get(id.getName());
        return help == null || id.getDescription() != null
                ? id
                : new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), help, id.getType());
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        String name = id.getName();
        boolean unwanted = ILL_NAMED.contains(name)
                || (!KEPT.contains(name) && LEFT_OUT.stream().anyMatch(name::startsWith));
        return unwanted ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }
}
