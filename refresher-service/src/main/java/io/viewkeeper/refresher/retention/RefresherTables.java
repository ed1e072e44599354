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

    private static final String NOT_THE_LAST = """
        not exists (
          select
          from viewkeeper.view_state s
          where s.view_schema = t.view_schema
            and s.view_name = t.view_name
            and s.dropped_at is null
            and (s.last_run_id = t.run_id or s.data_as_of = t.data_as_of)
        )
        """;

    private static final String WITHOUT_RUN =
            "not exists (select from viewkeeper.refresh_run r where r.process_id = t.process_id)";

    private RefresherTables() {}

    /** @throws IllegalArgumentException if something would be deleted that is still needed; the message names the setting */
    public static List<Rule> rules(RetentionConfig config) {
        Duration log = Rule.atLeast(
                "refresh-log", config.refreshLog(), SHORTEST_LOG, "the metrics service looks back 24 hours");
        Duration outbox = Rule.atLeast("outbox", config.outbox(), Duration.ZERO, "it is a time");
        Duration requests = Rule.atLeast("requests", config.requests(), Duration.ZERO, "it is a time");
        return List.of(
                Rule.of("analytics.view_refresh_log", "run_id", "refresh_time", log, NOT_THE_LAST),
                Rule.of("viewkeeper.event_outbox", "id", "published_at", outbox),
                Rule.of("viewkeeper.refresh_request", "request_id", "taken_at", requests),
                Rule.of("viewkeeper.command_log", "command_id", "commanded_at", requests),
                Rule.of("viewkeeper.refresher_process", "process_id", "heartbeat_at", DEAD_PROCESS, WITHOUT_RUN));
    }
}
