// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.retention;

import io.viewkeeper.schema.retention.Rule;
import java.time.Duration;
import java.util.List;

/**
 * The refresher's tables. Never deleted: an event that Kafka has not acknowledged, the last and the last good refresh of a view
 * that is not dropped, and the state of a view, be it dropped for ever so long, for its sequences must not begin anew.
 */
public final class RefresherTables {
    /** The metrics service looks back 24 hours. */
    private static final Duration SHORTEST_LOG = Duration.ofHours(25);

    private static final Duration DEAD_PROCESS = Duration.ofDays(1);

    private static final String REFRESH_LOG = """
        /* viewkeeper:retention */
        delete from analytics.view_refresh_log
        where run_id in (
          select l.run_id
          from analytics.view_refresh_log l
          where l.refresh_time < $1
            and not exists (
              select
              from viewkeeper.view_state s
              where s.view_schema = l.view_schema
                and s.view_name = l.view_name
                and s.dropped_at is null
                and (s.last_run_id = l.run_id or s.data_as_of = l.data_as_of)
            )
          order by l.refresh_time
          limit $2
        )
        """;

    private static final String OUTBOX = """
        /* viewkeeper:retention */
        delete from viewkeeper.event_outbox
        where id in (
          select o.id
          from viewkeeper.event_outbox o
          where o.published_at < $1
          order by o.published_at
          limit $2
        )
        """;

    private static final String REQUESTS = """
        /* viewkeeper:retention */
        delete from viewkeeper.refresh_request
        where request_id in (
          select r.request_id
          from viewkeeper.refresh_request r
          where r.taken_at < $1
          order by r.taken_at
          limit $2
        )
        """;

    private static final String COMMANDS = """
        /* viewkeeper:retention */
        delete from viewkeeper.command_log
        where command_id in (
          select c.command_id
          from viewkeeper.command_log c
          where c.commanded_at < $1
          order by c.commanded_at
          limit $2
        )
        """;

    private static final String PROCESSES = """
        /* viewkeeper:retention */
        delete from viewkeeper.refresher_process
        where process_id in (
          select p.process_id
          from viewkeeper.refresher_process p
          where p.heartbeat_at < $1
            and not exists (select from viewkeeper.refresh_run r where r.process_id = p.process_id)
          order by p.heartbeat_at
          limit $2
        )
        """;

    private RefresherTables() {}

    /** @throws IllegalArgumentException if something would be deleted that is still needed; the message names the setting */
    public static List<Rule> rules(RetentionConfig config) {
        Duration requests = Rule.atLeast("requests", config.requests(), Duration.ZERO, "it is a time");
        return List.of(
                new Rule(
                        "view_refresh_log",
                        REFRESH_LOG,
                        Rule.atLeast(
                                "refresh-log",
                                config.refreshLog(),
                                SHORTEST_LOG,
                                "the metrics service looks back 24 hours")),
                new Rule(
                        "event_outbox", OUTBOX, Rule.atLeast("outbox", config.outbox(), Duration.ZERO, "it is a time")),
                new Rule("refresh_request", REQUESTS, requests),
                new Rule("command_log", COMMANDS, requests),
                new Rule("refresher_process", PROCESSES, DEAD_PROCESS));
    }
}
