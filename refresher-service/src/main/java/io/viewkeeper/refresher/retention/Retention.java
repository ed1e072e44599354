package io.viewkeeper.refresher.retention;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Deletes old rows, a batch at a time, each in a short transaction of its own; one replica at a time. Never deleted: an
 * event that Kafka has not acknowledged, the last and the last good refresh of a view that is not dropped, and the state of
 * a view, be it dropped for ever so long, for its sequences must not begin anew.
 */
public final class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    /** The metrics service looks back 24 hours. */
    private static final Duration SHORTEST_LOG = Duration.ofHours(25);

    /** The topic of refreshes keeps 7 days: what may still be delivered must be recognised. */
    private static final Duration SHORTEST_PROCESSED = Duration.ofDays(8);

    private static final Duration SHORTEST_ANALYSES = Duration.ofDays(1);

    private static final Duration DEAD_PROCESS = Duration.ofDays(1);

    /** Rows in a transaction. */
    static final int BATCH = 1_000;

    /** Batches of a table in a round: the rest is left to the next. */
    static final int BATCHES = 2_000;

    // Held by a transaction that does nothing else: it has no snapshot, so it keeps no VACUUM back.
    private static final String TRY_LOCK = """
        /* viewkeeper:retention */
        select
          pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:retention', 0)),
          pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
        """;

    private static final String SERVER_TIME = """
        /* viewkeeper:retention */
        select pg_catalog.clock_timestamp() as now
        """;

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

    /** @param statement gets the moment before which rows are old, and how many to delete */
    record Rule(String table, String statement, Duration kept) {}

    private final Database database;
    private final List<Rule> rules;

    /** @throws IllegalArgumentException if something would be deleted that is still needed; the message names the setting */
    public Retention(Database database, RetentionConfig config) {
        this.database = database;
        requireAtLeast("refresh-log", config.refreshLog(), SHORTEST_LOG, "the metrics service looks back 24 hours");
        requireAtLeast(
                "processed-events",
                config.processedEvents(),
                SHORTEST_PROCESSED,
                "the topic keeps events for 7 days, and one that is delivered again must be recognised");
        requireAtLeast("outbox", config.outbox(), Duration.ZERO, "it is a time");
        requireAtLeast("requests", config.requests(), Duration.ZERO, "it is a time");
        requireAtLeast("inbox", config.inbox(), Duration.ZERO, "it is a time");
        requireAtLeast("analyses", config.analyses(), SHORTEST_ANALYSES, "a plan is compared with the one before it");
        this.rules = new ArrayList<>(List.of(
                new Rule("view_refresh_log", REFRESH_LOG, config.refreshLog()),
                new Rule("event_outbox", OUTBOX, config.outbox()),
                new Rule("refresh_request", REQUESTS, config.requests()),
                new Rule("command_log", COMMANDS, config.requests()),
                new Rule("processed_event", PROCESSED_EVENTS, config.processedEvents()),
                new Rule("refresh_inbox", INBOX, config.inbox()),
                new Rule("refresher_process", PROCESSES, DEAD_PROCESS)));
        rules.addAll(AnalysisRules.of(config.analyses()));
    }

    private static void requireAtLeast(String setting, Duration value, Duration least, String reason) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException("viewkeeper.retention." + setting + "=" + value + " is too short: "
                    + reason + "; set it to " + least + " or more");
        }
    }

    /** One round, a step for each table; how many rows of each it deleted, tables without any left out. */
    public Map<String, Integer> purge(Loop.Turn turn) {
        var deleted = database.inTransaction(
                lock -> lock.queryOne(TRY_LOCK, row -> row.getBoolean(0)) ? purgeAll(turn) : Map.<String, Integer>of());
        if (!deleted.isEmpty()) {
            LOG.infof(
                    "retention=purged %s",
                    deleted.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")));
        }
        return deleted;
    }

    private Map<String, Integer> purgeAll(Loop.Turn turn) {
        Instant now = database.queryOne(SERVER_TIME, row -> Instants.of(row, "now"));
        var deleted = new LinkedHashMap<String, Integer>();
        for (Rule rule : rules) {
            turn.step(rule.table(), () -> {
                int rows = purge(rule, now, turn);
                if (rows > 0) {
                    deleted.put(rule.table(), rows);
                }
            });
        }
        return deleted;
    }

    private int purge(Rule rule, Instant now, Loop.Turn turn) {
        int deleted = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            int rows = database.update(rule.statement(), Instants.parameter(now.minus(rule.kept())), BATCH);
            deleted += rows;
            turn.goesOn();
            if (rows < BATCH) {
                return deleted;
            }
        }
        return deleted;
    }
}
