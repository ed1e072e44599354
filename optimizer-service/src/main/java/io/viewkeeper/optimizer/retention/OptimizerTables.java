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

    private static final String PROCESSED_EVENTS = """
        /* viewkeeper:retention */
        delete from viewkeeper.processed_event
        where (consumer, ce_id) in (
          select p.consumer, p.ce_id
          from viewkeeper.processed_event p
          where p.processed_at < $1
          order by p.processed_at
          limit $2
        )
        """;

    private static final String INBOX = """
        /* viewkeeper:retention */
        delete from viewkeeper.refresh_inbox
        where event_id in (
          select i.event_id
          from viewkeeper.refresh_inbox i
          where i.received_at < $1
          order by i.received_at
          limit $2
        )
        """;

    // The newest stays, for a statement that is seen every day and changes never; its findings go with it.
    private static final String ANALYSES = """
        /* viewkeeper:retention */
        delete from viewkeeper.query_analysis
        where analysis_id in (
          select a.analysis_id
          from viewkeeper.query_analysis a
          where a.analyzed_at < $1
            and not exists (
              select
              from viewkeeper.statement s
              where s.statement_id = a.statement_id
                and s.analysis_id = a.analysis_id
            )
          order by a.analyzed_at
          limit $2
        )
        """;

    private static final String WINDOWS = """
        /* viewkeeper:retention */
        delete from viewkeeper.statement_window
        where (statement_id, until_at) in (
          select w.statement_id, w.until_at
          from viewkeeper.statement_window w
          where w.until_at < $1
          order by w.until_at
          limit $2
        )
        """;

    private static final String LOOKS = """
        /* viewkeeper:retention */
        delete from viewkeeper.look
        where look_id in (
          select l.look_id
          from viewkeeper.look l
          where l.finished_at < $1
          order by l.finished_at
          limit $2
        )
        """;

    // With its counters and windows.
    private static final String STATEMENTS = """
        /* viewkeeper:retention */
        delete from viewkeeper.statement
        where statement_id in (
          select s.statement_id
          from viewkeeper.statement s
          where s.last_seen_at < $1
          order by s.last_seen_at
          limit $2
        )
        """;

    private static final String MAINTENANCE_LOG = """
        /* viewkeeper:retention */
        delete from maintenance.index_maintenance_log
        where maintenance_id in (
          select m.maintenance_id
          from maintenance.index_maintenance_log m
          where m.maintenance_time < $1
          order by m.maintenance_time
          limit $2
        )
        """;

    private static final String MAINTENANCE_REQUESTS = """
        /* viewkeeper:retention */
        delete from maintenance.maintenance_request
        where request_id in (
          select r.request_id
          from maintenance.maintenance_request r
          where coalesce(r.taken_at, r.requested_at) < $1
          order by r.requested_at
          limit $2
        )
        """;

    private OptimizerTables() {}

    /**
     * Statements before their analyses: then nothing keeps their last ones.
     *
     * @throws IllegalArgumentException if something would be deleted that is still needed; the message names the setting
     */
    public static List<Rule> rules(RetentionConfig config) {
        Duration analyses = Rule.atLeast(
                "analyses", config.analyses(), SHORTEST_ANALYSES, "a plan is compared with the one before it");
        Duration maintenance = Rule.atLeast("maintenance-log", config.maintenanceLog(), Duration.ZERO, "it is a time");
        return List.of(
                new Rule(
                        "processed_event",
                        PROCESSED_EVENTS,
                        Rule.atLeast(
                                "processed-events",
                                config.processedEvents(),
                                SHORTEST_PROCESSED,
                                "the topic keeps events for 7 days, and one that is delivered again must be recognised")),
                new Rule("refresh_inbox", INBOX, Rule.atLeast("inbox", config.inbox(), Duration.ZERO, "it is a time")),
                new Rule("statement", STATEMENTS, analyses),
                new Rule("query_analysis", ANALYSES, analyses),
                new Rule("statement_window", WINDOWS, analyses),
                new Rule("look", LOOKS, analyses),
                new Rule("index_maintenance_log", MAINTENANCE_LOG, maintenance),
                new Rule("maintenance_request", MAINTENANCE_REQUESTS, maintenance));
    }
}
