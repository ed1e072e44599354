// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The same concurrent refresh after the same change, in turns by a bare statement and by the service. The service's time
 * is from its start to its commit, with its history and its event in it; waiting to be picked up is not.
 */
final class RefreshOverhead {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final double LEAST_MILLIS = 1_000;

    private static final String BARE = "/* viewkeeper:bench */ refresh materialized view concurrently bench.large";

    private static final String LAST_RUN = """
            /* viewkeeper:bench */
            select
              l.status,
              l.duration_ms,
              extract(epoch from pg_xact_commit_timestamp(l.xmin) - l.started_at) * 1000
            from analytics.view_refresh_log l
            where l.view_schema = 'bench'
            order by l.sequence desc
            limit 1
            """;

    private static final String RUNS =
            "/* viewkeeper:bench */ select count(*) from analytics.view_refresh_log where view_schema = 'bench'";

    /** The refresher may vacuum a view after a refresh, which the next one would wait for. */
    private static final String AT_WORK = """
            /* viewkeeper:bench */
            select count(*)
            from pg_catalog.pg_stat_activity
            where datname = current_database()
              and application_name = 'viewkeeper-refresher'
              and state <> 'idle'
              and query ~* '(refresh materialized view|vacuum)'
            """;

    private final Workbench.Site site;
    private final SqlSession owner;
    private final SqlSession refresher;
    private final SqlSession superuser;

    private RefreshOverhead(Workbench.Site site, SqlSession owner, SqlSession refresher, SqlSession superuser) {
        this.site = site;
        this.owner = owner;
        this.refresher = refresher;
        this.superuser = superuser;
    }

    /**
     * Milliseconds of one pair.
     *
     * @param bare the statement by itself, with its commit
     * @param service from the start of the service's transaction to its commit
     * @param reported what the event says, which cannot know how long its own commit takes
     */
    record Pair(double bare, double service, double reported) {}

    static List<Measurement> measure(Workbench.Site site, int rows, int pairs) throws InterruptedException {
        try (var owner = site.session(Role.OWNER);
                var refresher = site.session(Role.REFRESHER);
                var superuser = site.session(Role.SUPERUSER)) {
            return new RefreshOverhead(site, owner, refresher, superuser).measure(rows, pairs);
        }
    }

    private List<Measurement> measure(int wantedRows, int pairs) throws InterruptedException {
        int rows = createView(wantedRows);
        var measured = new ArrayList<Pair>();
        try (var service = site.refresher("bench", "bench", "12h")) {
            service.awaitReady();
            // A view that is new to the service is refreshed at once; that one warms it up, and one more.
            awaitRun(1);
            byService();
            for (int i = 0; i < pairs; i++) {
                // Neither is always the first of a pair.
                double first = i % 2 == 0 ? bare() : 0;
                var run = byService();
                double bare = i % 2 == 0 ? first : bare();
                measured.add(new Pair(bare, Double.parseDouble(run.get(2)), Double.parseDouble(run.get(1))));
            }
        }
        return measurements(rows, measured);
    }

    private static List<Measurement> measurements(int rows, List<Pair> pairs) {
        double bare = median(pairs, Pair::bare);
        var refresh = "refresh of %,d rows by the service, ".formatted(rows);
        return List.of(
                Measurement.of(refresh + "median; baseline: bare", median(pairs, Pair::service), "ms", bare),
                Measurement.of(refresh + "as its event tells", median(pairs, Pair::reported), "ms", bare),
                Measurement.of(
                        refresh + "median of the pairs' ratios",
                        median(pairs, pair -> pair.bare() / pair.service()),
                        "of bare"));
    }

    private static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
        return new Sample(pairs.stream().mapToDouble(figure).boxed().toList()).median();
    }

    /** As many rows as wanted; where none are, as many as make a refresh take more than a second. */
    private int createView(int wantedRows) throws InterruptedException {
        int rows = wantedRows == 0 ? 100_000 : wantedRows;
        site.createSchema("bench");
        owner.run("create table bench.base (i int primary key, amount int not null)");
        insert(1, rows);
        refresher.run("""
                create materialized view bench.large as select i, amount, md5(i::text || amount) as digest from bench.base;
                create unique index on bench.large (i)
                """);
        while (wantedRows == 0 && bare() < 1.3 * LEAST_MILLIS) {
            insert(rows + 1, rows + 100_000);
            rows += 100_000;
            refresher.run(BARE);
        }
        return rows;
    }

    private void insert(int from, int to) {
        owner.run("insert into bench.base select i, 0 from generate_series(%d, %d) i".formatted(from, to));
    }

    private double bare() throws InterruptedException {
        change();
        long began = System.nanoTime();
        refresher.run(BARE);
        return (System.nanoTime() - began) / 1e6;
    }

    private List<String> byService() throws InterruptedException {
        change();
        long before = superuser.number(RUNS);
        owner.run("select viewkeeper.request_view_refresh('bench.large')");
        awaitRun(before + 1);
        var run = superuser.rows(LAST_RUN).getFirst();
        if (!run.getFirst().equals("completed")) {
            throw new LauncherException("A refresh by the service has failed: see "
                    + site.surroundings().logs());
        }
        return run;
    }

    /** One row in a hundred; then everything as it was before the last refresh, but for these. */
    private void change() throws InterruptedException {
        new Poll(LIMIT).until(() -> superuser.number(AT_WORK) == 0);
        owner.run("update bench.base set amount = amount + 1 where i % 100 = 0");
        superuser.run("vacuum bench.base");
        superuser.run("vacuum bench.large");
        superuser.run("checkpoint");
    }

    private void awaitRun(long wanted) throws InterruptedException {
        if (!new Poll(LIMIT).until(() -> superuser.number(RUNS) >= wanted)) {
            throw new LauncherException("The service has not refreshed bench.large within " + LIMIT);
        }
    }
}
