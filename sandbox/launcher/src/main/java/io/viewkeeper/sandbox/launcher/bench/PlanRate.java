// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** How many plans that somebody brings are analysed in a second, over HTTP; beside it, how many are merely parsed. */
final class PlanRate {
    private static final int THREADS = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String EXPLAIN = "explain (analyze, verbose, buffers, settings, format json) ";

    private static final List<String> STATEMENTS = List.of(
            "select * from bench.facts where id = 5000",
            "select count(*) from bench.facts where c1 = 3 and c2 = 4",
            "select * from bench.facts order by c8, c7 limit 1000",
            "select g.name, count(*) from bench.facts f join bench.groups g on g.id = f.group_id group by g.name",
            "select g.id, (select count(*) from bench.facts f where f.group_id = g.id) from bench.groups g where g.id <= 3",
            "select id, rank() over (partition by c1 order by id desc) from bench.facts where c2 = 1",
            "select distinct f.c1, f.c2, f.c3 from bench.facts f join bench.groups g on g.id = f.group_id",
            "with m as materialized (select * from bench.facts where c3 = 2) select * from m a join m b on a.id = b.id",
            "select c1 from bench.facts where c1 < 3 union select c2 from bench.facts where c2 < 3 except select 1",
            "select * from bench.groups g where g.id not in (select f.group_id from bench.facts f where f.c1 = 0)",
            "select * from bench.groups g cross join lateral (select * from bench.facts f where f.id = g.id limit 1) x",
            "select c1, c2, grouping(c1, c2), avg(c3) from bench.facts group by rollup (c1, c2)",
            "select * from information_schema.columns where table_schema = 'bench'",
            "select * from information_schema.table_constraints",
            "select * from pg_catalog.pg_stat_user_tables",
            "select * from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a using (pid)");

    private PlanRate() {}

    /** Both rates with the same plans and as many threads; the percentiles are of one request. */
    static List<Measurement> measure(Workbench.Site site, int facts, Duration window) throws InterruptedException {
        SlowWorkload.createTables(site, facts);
        var plans = explain(site);
        double nodes = plans.stream().mapToInt(PlanRate::nodes).average().orElseThrow();
        try (var service = site.optimizer(Map.of("viewkeeper.optimizer.analysis.enabled", "false"))) {
            service.awaitReady();
            var address = URI.create(service.url() + "/plans");
            rate(plans, window, plan -> analyse(address, plan));
            var analysed = rate(plans, window, plan -> analyse(address, plan));
            rate(plans, window.dividedBy(2), PlanRate::tree);
            double parsed = rate(plans, window.dividedBy(2), PlanRate::tree).perSecond();
            var what = "plans of %.0f nodes on average, ".formatted(nodes);
            return List.of(
                    Measurement.of(what + "analysed; baseline: parsed", analysed.perSecond(), "plans/s", parsed),
                    Measurement.of(what + "nodes analysed", nodes * analysed.perSecond(), "nodes/s"),
                    Measurement.of(what + "p50", analysed.millis().median(), "ms"),
                    Measurement.of(what + "p99", analysed.millis().percentile(99), "ms"));
        }
    }

    private static List<String> explain(Workbench.Site site) {
        try (var superuser = site.session(Role.SUPERUSER)) {
            return STATEMENTS.stream()
                    .map(statement ->
                            superuser.rows(EXPLAIN + statement).getFirst().getFirst())
                    .toList();
        }
    }

    private static void analyse(URI address, String plan) {
        int status = Http.post(address, plan);
        if (status != Http.OK) {
            throw new LauncherException("POST /plans was answered with %d for%n%s".formatted(status, plan));
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new LauncherException("EXPLAIN has given no JSON: " + impossible);
        }
    }

    private static int nodes(String plan) {
        return tree(plan).findValues("Node Type").size();
    }

    private record Rate(double perSecond, Sample millis) {}

    /** Each thread takes one plan after the other until the window is over. */
    private static Rate rate(List<String> plans, Duration window, Consumer<String> work) throws InterruptedException {
        var millis = new ConcurrentLinkedQueue<Double>();
        long began = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var running = new ArrayList<Future<?>>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread * plans.size() / THREADS;
                running.add(threads.submit(() -> {
                    for (int next = first; System.nanoTime() - began < window.toNanos(); next++) {
                        long start = System.nanoTime();
                        work.accept(plans.get(next % plans.size()));
                        millis.add((System.nanoTime() - start) / 1e6);
                    }
                }));
            }
            for (var thread : running) {
                thread.get();
            }
        } catch (ExecutionException e) {
            throw new LauncherException(String.valueOf(e.getCause()));
        }
        return new Rate(millis.size() / ((System.nanoTime() - began) / 1e9), new Sample(List.copyOf(millis)));
    }
}
