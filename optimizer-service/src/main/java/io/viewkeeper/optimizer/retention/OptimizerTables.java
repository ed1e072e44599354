// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.retention;

import io.viewkeeper.schema.retention.Rule;
import java.time.Duration;
import java.util.List;

/** The optimizer's tables: what it was told, saw of statements, concluded and did. */
public final class OptimizerTables {
    /** The topic of refreshes keeps 7 days: what may still be delivered must be recognised. */
    private static final Duration SHORTEST_PROCESSED = Duration.ofDays(8);

    private static final Duration SHORTEST_ANALYSES = Duration.ofDays(1);

    // It stays for a statement that is seen every day and changes never; its findings go with an analysis.
    private static final String NOT_THE_NEWEST = """
        not exists (
          select
          from viewkeeper.statement s
          where s.statement_id = t.statement_id
            and s.analysis_id = t.analysis_id
        )
        """;

    private OptimizerTables() {}

    /**
     * Statements, with their counters and windows, before their analyses: then nothing keeps their last ones.
     *
     * @throws IllegalArgumentException if something would be deleted that is still needed; the message names the setting
     */
    public static List<Rule> rules(RetentionConfig config) {
        Duration processed = Rule.atLeast(
                "processed-events",
                config.processedEvents(),
                SHORTEST_PROCESSED,
                "the topic keeps events for 7 days, and one that is delivered again must be recognised");
        Duration inbox = Rule.atLeast("inbox", config.inbox(), Duration.ZERO, "it is a time");
        Duration analyses = Rule.atLeast(
                "analyses", config.analyses(), SHORTEST_ANALYSES, "a plan is compared with the one before it");
        Duration maintenance = Rule.atLeast("maintenance-log", config.maintenanceLog(), Duration.ZERO, "it is a time");
        return List.of(
                Rule.of("viewkeeper.processed_event", "consumer, ce_id", "processed_at", processed),
                Rule.of("viewkeeper.refresh_inbox", "event_id", "received_at", inbox),
                Rule.of("viewkeeper.statement", "statement_id", "last_seen_at", analyses),
                Rule.of("viewkeeper.query_analysis", "analysis_id", "analyzed_at", analyses, NOT_THE_NEWEST),
                Rule.of("viewkeeper.statement_window", "statement_id, until_at", "until_at", analyses),
                Rule.of("viewkeeper.look", "look_id", "finished_at", analyses),
                Rule.of("maintenance.index_maintenance_log", "maintenance_id", "maintenance_time", maintenance),
                Rule.of("maintenance.maintenance_request", "request_id", "requested_at", maintenance));
    }
}
