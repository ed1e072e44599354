// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What it costs to keep views scheduled of which none is due: the service's CPU, and that of its backends. */
final class IdleCost {
    private static final int VIEWS_PER_TRANSACTION = 200;
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private static final String REGISTERED =
            "/* viewkeeper:bench */ select count(*) from viewkeeper.view_state where view_schema = 'bench'";

    // A new view is due at once. Ten thousand of them would be refreshed for minutes, which is not what is measured
    // here.
    private static final String NOT_DUE_YET = """
            /* viewkeeper:bench */
            update viewkeeper.view_state
            set next_due_at = clock_timestamp() + interval '12 hours'
            where next_due_at < clock_timestamp() + interval '1 hour'
            """;

    private static final String DUE_OR_RUNNING = """
            /* viewkeeper:bench */
            select
              (select count(*) from viewkeeper.view_state where next_due_at < clock_timestamp() + interval '1 hour')
              + (select count(*) from pg_catalog.pg_stat_activity
                 where application_name = 'viewkeeper-refresher' and state = 'active' and query ~* '(refresh materialized|vacuum)')
            """;

    private static final String BACKENDS = """
            /* viewkeeper:bench */
            select pid
            from pg_catalog.pg_stat_activity
            where datname = current_database() and application_name = 'viewkeeper-refresher'
            """;

    private IdleCost() {}

    /** For each number of views, in ascending order. */
    static List<Measurement> measure(Workbench.Site site, List<Integer> numbersOfViews, Duration window)
            throws InterruptedException {
        site.createSchema("bench");
        var results = new ArrayList<Measurement>();
        try (var superuser = site.session(Role.SUPERUSER);
                var refresher = site.session(Role.REFRESHER);
                var service = startedWithoutViews(site)) {
            int views = 0;
            for (int wanted : numbersOfViews) {
                create(refresher, views, wanted);
                views = wanted;
                awaitNothingDue(superuser, wanted);
                Thread.sleep(WARM_UP);
                results.addAll(measure(service, superuser, wanted, window));
            }
        }
        return results;
    }

    private static RunningService startedWithoutViews(Workbench.Site site) throws InterruptedException {
        var service = site.refresher("bench", "bench", "12h");
        service.awaitReady();
        return service;
    }

    /** Views {@code bench.v00000} and so on, from one number up to before another, each of one row. */
    static void create(SqlSession refresher, int from, int to) {
        for (int first = from; first < to; first += VIEWS_PER_TRANSACTION) {
            refresher.run("""
                    do $views$
                    begin
                      for view in %d..%d loop
                        execute format('create materialized view bench.v%%s as select 1 as i', to_char(view, 'FM00000'));
                        execute format('create unique index on bench.v%%s (i)', to_char(view, 'FM00000'));
                      end loop;
                    end
                    $views$
                    """.formatted(first, Math.min(to, first + VIEWS_PER_TRANSACTION) - 1));
        }
    }

    /** Returns when so many views are known to the refresher and, made to wait, none is due. */
    static void awaitNothingDue(SqlSession superuser, int views) throws InterruptedException {
        boolean idle = new Poll(LIMIT).until(() -> {
            superuser.run(NOT_DUE_YET);
            return superuser.number(REGISTERED) >= views && superuser.number(DUE_OR_RUNNING) == 0;
        });
        if (!idle) {
            throw new LauncherException("The service has not come to rest with %d views".formatted(views));
        }
    }

    private static List<Measurement> measure(RunningService service, SqlSession superuser, int views, Duration window)
            throws InterruptedException {
        var backends = new HashMap<Long, CpuTime>();
        look(superuser, backends);
        var process = new CpuTime(service.process().pid());
        long began = System.nanoTime();
        while (System.nanoTime() - began < window.toNanos()) {
            Thread.sleep(BETWEEN_LOOKS);
            look(superuser, backends);
        }
        process.look();
        double seconds = (System.nanoTime() - began) / 1e9;
        double database =
                backends.values().stream().mapToDouble(CpuTime::seconds).sum();
        var what = "%,d views that are not due, ".formatted(views);
        return List.of(
                Measurement.of(
                        what + "service and backends", 100 * (process.seconds() + database) / seconds, "% of a core"),
                Measurement.of(what + "service", 100 * process.seconds() / seconds, "% of a core"));
    }

    /** Backends come and go with the pool's connections; one that is gone has used what it had when last seen. */
    private static void look(SqlSession superuser, Map<Long, CpuTime> backends) {
        superuser
                .rows(BACKENDS)
                .forEach(row -> backends.computeIfAbsent(Long.valueOf(row.getFirst()), CpuTime::new)
                        .look());
    }
}
