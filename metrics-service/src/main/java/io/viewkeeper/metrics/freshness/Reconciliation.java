// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.DatabaseName;
import io.viewkeeper.metrics.exposition.Exposition;
import io.viewkeeper.metrics.freshness.Freshness.Reading;
import io.viewkeeper.metrics.freshness.StoredView.Schedule;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the views' state from the database, at start and from then on: what Kafka did not deliver, views that had no
 * event yet, and views that are gone.
 */
@ApplicationScoped
class Reconciliation {
    private static final Logger LOG = Logger.getLogger(Reconciliation.class);

    private static final String NAME_AND_TIME = """
        /* viewkeeper:freshness */
        select
          pg_catalog.current_database() as name,
          pg_catalog.clock_timestamp() as now,
          (
            select count(*)
            from viewkeeper.refresher_process p
            where p.heartbeat_at > pg_catalog.clock_timestamp() - interval '30 seconds'
          ) as refreshers
        """;

    private static final String VIEWS = """
        /* viewkeeper:freshness */
        select
          view_schema,
          view_name,
          event_sequence,
          data_as_of,
          last_status,
          last_method,
          last_finished_at,
          last_duration_ms,
          size_bytes,
          consecutive_failures,
          case when refusal is null then next_due_at end as next_due_at,
          freshness_target_ms,
          suspended_at is not null as suspended
        from viewkeeper.view_state
        where dropped_at is null
        order by view_schema, view_name
        limit 50000
        """;

    private static final String RUNS_AFTER = """
        /* viewkeeper:freshness */
        select run_id, view_schema, view_name, sequence, refresh_time, status, method, duration_ms
        from analytics.view_refresh_log
        where (refresh_time, run_id) > ($1, $2)
        order by refresh_time, run_id
        limit $3
        """;

    private static final int PAGE = 10_000;

    /**
     * A run is stamped before it is committed, so one that is older than the newest seen may appear later. What takes
     * longer than this comes as an event.
     */
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private static final UUID LOWEST_ID = new UUID(0, 0);

    private final Database database;
    private final Freshness freshness;
    private final Collecting collecting;
    private final Exposition exposition;
    private final FreshnessSettings settings;
    private final DatabaseClock clock;
    private final DatabaseName databaseName;
    private final Refreshers refreshers;
    private @Nullable Instant readUpTo;

    Reconciliation(
            Database database,
            Freshness freshness,
            Collecting collecting,
            Exposition exposition,
            FreshnessSettings settings,
            DatabaseClock clock,
            DatabaseName databaseName,
            Refreshers refreshers) {
        this.database = database;
        this.freshness = freshness;
        this.collecting = collecting;
        this.exposition = exposition;
        this.settings = settings;
        this.clock = clock;
        this.databaseName = databaseName;
        this.refreshers = refreshers;
    }

    @Scheduled(
            every = "${viewkeeper.metrics.freshness.reconcile-interval}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        collecting.run("views", this::run);
    }

    /** One look; never two at a time. */
    void run() {
        boolean first = !freshness.isRebuilt();
        long begun = System.nanoTime();
        var trackedBefore = freshness.trackedNames();
        var name = nameAndTime();
        var runs = newRuns();
        var views = database.query(VIEWS, Reconciliation::storedView);
        int wentBack = freshness.reconcile(new Reading(begun, name, trackedBefore, views, runs));
        exposition.countDropped();
        if (wentBack > 0) {
            LOG.warnf(
                    "action=rebuild outcome=went-back database=%s views=%d hint=\"it was restored from a backup, or failed over"
                            + " with a loss: what it says now is shown\"",
                    name, wentBack);
        }
        if (first) {
            LOG.infof("action=rebuild outcome=ready database=%s views=%d runs=%d", name, views.size(), runs.size());
        }
    }

    private String nameAndTime() {
        long asked = System.nanoTime();
        return database.queryOne(NAME_AND_TIME, row -> {
            refreshers.are(row.getLong("refreshers"));
            clock.said(row.getOffsetDateTime("now").toInstant(), asked, System.nanoTime());
            databaseName.is(row.getString("name"));
            return databaseName.get();
        });
    }

    private List<LoggedRun> newRuns() {
        var runs = new ArrayList<LoggedRun>();
        var cursor = new Cursor(startOfReading(), LOWEST_ID);
        List<Logged> page;
        do {
            page = database.query(
                    RUNS_AFTER, Reconciliation::logged, cursor.time().atOffset(ZoneOffset.UTC), cursor.id(), PAGE);
            for (var logged : page) {
                runs.add(logged.run());
                cursor = logged.cursor();
            }
        } while (page.size() == PAGE);
        if (!runs.isEmpty()) {
            readUpTo = cursor.time();
        }
        return runs;
    }

    private Instant startOfReading() {
        var oldest = clock.instant().minus(settings.successWindow());
        if (readUpTo == null) {
            return oldest;
        }
        var overlapping = readUpTo.minus(OVERLAP);
        return overlapping.isAfter(oldest) ? overlapping : oldest;
    }

    private static StoredView storedView(Row row) {
        Long targetMillis = row.getLong("freshness_target_ms");
        return new StoredView(
                viewName(row),
                row.getLong("event_sequence"),
                instant(row, "data_as_of"),
                lastRun(row),
                row.getInteger("consecutive_failures"),
                row.getLong("size_bytes"),
                new Schedule(
                        instant(row, "next_due_at"),
                        targetMillis == null ? null : Duration.ofMillis(targetMillis),
                        row.getBoolean("suspended")));
    }

    private static @Nullable FinishedRun lastRun(Row row) {
        var finishedAt = instant(row, "last_finished_at");
        String status = row.getString("last_status");
        if (finishedAt == null || status == null) {
            return null;
        }
        String method = row.getString("last_method");
        Long durationMillis = row.getLong("last_duration_ms");
        return new FinishedRun(
                row.getLong("event_sequence"),
                finishedAt,
                status.equals("completed"),
                method == null ? RefreshMethod.SKIPPED : new RefreshMethod(method),
                Duration.ofMillis(durationMillis == null ? 0 : durationMillis));
    }

    private static Logged logged(Row row) {
        var finishedAt = row.getOffsetDateTime("refresh_time").toInstant();
        var run = new FinishedRun(
                row.getLong("sequence"),
                finishedAt,
                row.getString("status").equals("completed"),
                new RefreshMethod(row.getString("method")),
                Duration.ofMillis(row.getLong("duration_ms")));
        return new Logged(new LoggedRun(viewName(row), run), new Cursor(finishedAt, row.getUUID("run_id")));
    }

    private static ViewName viewName(Row row) {
        return new ViewName(row.getString("view_schema"), row.getString("view_name"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }

    private record Cursor(Instant time, UUID id) {}

    private record Logged(LoggedRun run, Cursor cursor) {}
}
