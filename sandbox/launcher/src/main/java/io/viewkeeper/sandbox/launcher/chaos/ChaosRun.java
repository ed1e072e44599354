// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.chaos;

import io.viewkeeper.sandbox.launcher.chaos.Integrity.LoggedRun;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/** Two refreshers under load, of which one is killed at a random moment and started again, many times. */
final class ChaosRun {
    static final int VIEWS = 20;

    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);
    private static final int LONGEST_PAUSE_MILLIS = 4_000;

    private static final String RUNS = """
            /* viewkeeper:sandbox */
            select run_id, view_schema, view_name, sequence, status = 'completed'
            from analytics.view_refresh_log
            order by view_schema, view_name, sequence
            """;

    private static final String UNDER_WAY = """
            /* viewkeeper:sandbox */
            select count(*)
            from pg_catalog.pg_stat_activity
            where datname = current_database()
              and application_name = 'viewkeeper-refresher'
              and state = 'active'
              and query like '%refresh materialized view%'
            """;

    private static final String UNSETTLED = """
            /* viewkeeper:sandbox */
            select
              (select count(*) from viewkeeper.refresh_run)
              + (select count(*) from viewkeeper.event_outbox where published_at is null)
            """;

    private final Workbench.Site site;
    private final int kills;
    private final Random random;

    ChaosRun(Workbench.Site site, int kills, long seed) {
        this.site = site;
        this.kills = kills;
        this.random = new Random(seed);
    }

    /**
     * How it went.
     *
     * @param killsDuringARefresh how many of the kills met one
     * @param faults what got lost or was made up; empty when nothing was
     */
    record Result(int kills, int killsDuringARefresh, int completed, int failed, int events, List<String> faults) {}

    /** Kills, lets what is left settle, and checks. The listener is told how many of the kills are done. */
    Result run(BiConsumer<Integer, Integer> progress) throws InterruptedException {
        createViews();
        try (var watch = site.watch();
                var session = site.session(Role.SUPERUSER)) {
            int met = killAgainAndAgain(session, progress);
            settle(session, watch);
            return result(met, session, watch);
        }
    }

    private void createViews() {
        site.createSchema("chaos");
        try (var owner = site.session(Role.OWNER);
                var refresher = site.session(Role.REFRESHER)) {
            owner.run("create table chaos.numbers as select i as n from generate_series(1, 100) i");
            for (int view = 0; view < VIEWS; view++) {
                // Each view says which transaction filled it, so that its rows can be held against the history.
                refresher.run("""
            create materialized view chaos.v%1$d as
              select pg_current_xact_id()::text as filled_by, sum(n) as total, pg_sleep(%2$s)::text as pause
              from chaos.numbers;
            create unique index on chaos.v%1$d (filled_by)
            """.formatted(view, "0.0" + (1 + view % 9)));
            }
        }
    }

    private int killAgainAndAgain(SqlSession session, BiConsumer<Integer, Integer> progress)
            throws InterruptedException {
        var updates = Thread.ofPlatform().daemon().name("updates").start(this::update);
        var replicas = new ArrayList<>(List.of(replica(0), replica(1)));
        try {
            for (var replica : replicas) {
                replica.awaitReady();
            }
            int met = 0;
            for (int kill = 0; kill < kills; kill++) {
                int victim = random.nextInt(2);
                // Now and then it is killed while it starts; more is to be seen of one that works.
                if (random.nextInt(4) != 0) {
                    replicas.get(victim).awaitReady();
                }
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
                met += session.number(UNDER_WAY) > 0 ? 1 : 0;
                replicas.get(victim).process().kill();
                replicas.set(victim, replica(victim));
                progress.accept(kill + 1, kills);
            }
            for (var replica : replicas) {
                replica.awaitReady();
            }
            return met;
        } finally {
            updates.interrupt();
            updates.join();
            replicas.forEach(RunningService::close);
        }
    }

    private RunningService replica(int number) {
        return site.refresher("replica-" + number, "chaos", "1s");
    }

    private void update() {
        try (var owner = site.session(Role.OWNER)) {
            while (!Thread.currentThread().isInterrupted()) {
                owner.run("update chaos.numbers set n = n + 1 where n % 10 = 0");
                Thread.sleep(50);
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    /** A refresher to which no view belongs publishes and clears up what the others left. */
    private void settle(SqlSession session, EventWatch watch) throws InterruptedException {
        try (var last = site.refresher("replica-last", "nothing", "12h")) {
            last.awaitReady();
            new Poll(SETTLE_LIMIT).until(() -> session.number(UNSETTLED) == 0);
            long runs = runs(session).size();
            new Poll(SETTLE_LIMIT).until(() -> sequencesSeen(watch) >= runs);
        }
    }

    private static long sequencesSeen(EventWatch watch) {
        var seen = new HashSet<String>();
        watch.events().forEach(event -> seen.add(event.view() + " " + event.sequence()));
        return seen.size();
    }

    private Result result(int met, SqlSession session, EventWatch watch) {
        var runs = runs(session);
        var faults = new ArrayList<>(Integrity.faults(runs, watch.events()));
        session.rows("select view_name, run_id from viewkeeper.refresh_run")
                .forEach(row -> faults.add("a run is still under way: " + row));
        session.rows("select aggregateid, sequence from viewkeeper.event_outbox where published_at is null")
                .forEach(row -> faults.add("an event was not published: " + row));
        for (int view = 0; view < VIEWS; view++) {
            // The history's row and the rows of the view are of one transaction. xmin has 32 bits of its number.
            for (var row : session.rows("""
            /* viewkeeper:sandbox */
            select v.filled_by::bigint %% 4294967296, l.xmin::text::bigint
            from chaos.v%1$d v
            left join lateral (
              select xmin
              from analytics.view_refresh_log
              where view_schema = 'chaos' and view_name = 'v%1$d' and status = 'completed'
              order by sequence desc
              limit 1
            ) l on true
            where l.xmin is null or l.xmin::text::bigint <> v.filled_by::bigint %% 4294967296
            """.formatted(view))) {
                faults.add("chaos.v%d was filled by transaction %s, its last run in the history is of transaction %s"
                        .formatted(view, row.getFirst(), row.getLast()));
            }
        }
        int completed = (int) runs.stream().filter(LoggedRun::completed).count();
        return new Result(
                kills, met, completed, runs.size() - completed, watch.events().size(), List.copyOf(faults));
    }

    private static List<LoggedRun> runs(SqlSession session) {
        return session.rows(RUNS).stream()
                .map(row -> new LoggedRun(
                        row.get(0),
                        new ViewName(row.get(1), row.get(2)).toString(),
                        Long.parseLong(row.get(3)),
                        row.get(4).equals("t")))
                .toList();
    }
}
