// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;

/**
 * What a look at very many statements takes of the database, and how long after a refresh the statements of its view have
 * been analysed again; whatever sets times is as it is shipped.
 */
final class LookCost {
    private static final String INTERVAL = "6s";
    private static final int READINGS = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String READ_ALL =
            "/* viewkeeper:bench */ select count(*), sum(length(query)) from pg_stat_statements";

    private final Workbench.Site site;
    private final RunningService optimizer;
    private final EventWatch watch;

    private LookCost(Workbench.Site site, RunningService optimizer, EventWatch watch) {
        this.site = site;
        this.optimizer = optimizer;
        this.watch = watch;
    }

    /** How much there is to look at, and how often. */
    record Scale(int statements, int facts, int events) {}

    static List<Measurement> measure(Workbench.Site site, Scale scale) throws InterruptedException {
        SlowWorkload.createTables(site, scale.facts());
        SlowWorkload.createView(site);
        long counted = SlowWorkload.execute(site, scale.statements());
        double readAll = readAll(site);
        try (var watch = site.watch();
                var refresher = site.refresher("bench", "bench", INTERVAL);
                var optimizer = site.optimizer(Map.of(
                        "viewkeeper.optimizer.slow.mean-time",
                        SlowWorkload.SLOW,
                        "viewkeeper.optimizer.slow.calls",
                        "2"))) {
            refresher.awaitReady();
            optimizer.awaitReady();
            return new LookCost(site, optimizer, watch).observe(counted, readAll, scale.events());
        }
    }

    /** As the optimizer, in whose place it stands. */
    private static double readAll(Workbench.Site site) {
        try (var session = site.session(Role.OPTIMIZER)) {
            var millis = new ArrayList<Double>();
            for (int reading = 0; reading < READINGS; reading++) {
                long began = System.nanoTime();
                session.rows(READ_ALL);
                millis.add((System.nanoTime() - began) / 1e6);
            }
            return new Sample(millis).median();
        }
    }

    /** Medians over the looks, but for the first. */
    private List<Measurement> observe(long statements, double readAll, int events) throws InterruptedException {
        // What it has never seen is planned first, and only executed after that.
        await(
                "a finding",
                () -> !these("findings?view=bench.v", "findings", any -> true).isEmpty());
        await("the end of the first look", () -> !all("looks", "looks").isEmpty());
        var first = Look.of(all("looks", "looks").getLast());
        // The watch may have had its first events late, after they were looked at.
        var warmUp = nextRefresh();
        await(
                "a finding that is newer than the first event",
                () -> !findingsAfter(warmUp).isEmpty());
        var latencies = new ArrayList<Double>();
        var looks = new ArrayList<Look>();
        var analyses = new ArrayList<Double>();
        for (int event = 0; event < events; event++) {
            var refreshed = nextRefresh();
            await(
                    "a finding that is newer than the event",
                    () -> !findingsAfter(refreshed).isEmpty());
            latencies.add(Duration.between(refreshed, Instant.now()).toNanos() / 1e6);
            await("the end of the look", () -> !lookAfter(refreshed).isEmpty());
            looks.add(Look.of(lookAfter(refreshed).getLast()));
            analyses.add(analysisMillis(findingsAfter(refreshed).getFirst()));
        }
        var latency = new Sample(latencies);
        double database = median(looks, Look::databaseMillis);
        var look = "look at %,d statements, ".formatted(statements);
        return List.of(
                Measurement.of(look + "database; baseline: all texts read once", database, "ms", readAll),
                Measurement.of(
                        look + "database, without the statement executed",
                        database - new Sample(analyses).median(),
                        "ms"),
                Measurement.of(look + "statements issued", median(looks, Look::statementsIssued), "statements"),
                Measurement.of(look + "start to end", median(looks, Look::wallMillis), "ms"),
                Measurement.of("first " + look + "database", first.databaseMillis(), "ms"),
                Measurement.of("refresh's event to new analysis, p50", latency.median(), "ms"),
                Measurement.of("refresh's event to new analysis, max", latency.percentile(100), "ms"));
    }

    private Instant nextRefresh() throws InterruptedException {
        SlowWorkload.readView(site);
        int seen = watch.count();
        await("the next refresh", () -> watch.count() > seen);
        return watch.events().getLast().receivedAt();
    }

    private List<JsonNode> findingsAfter(Instant refreshed) {
        return these("findings?view=bench.v", "findings", finding -> isAfter(finding, "analyzedAt", refreshed));
    }

    private double analysisMillis(JsonNode finding) {
        return Http.json(URI.create(optimizer.url() + "/analyses/"
                        + finding.path("analysisId").asText()))
                .orElseThrow(() -> new LauncherException("An analysis is gone that had a finding: " + finding))
                .path("databaseMillis")
                .asDouble();
    }

    private List<JsonNode> lookAfter(Instant refreshed) {
        return these(
                "looks",
                "looks",
                look -> isAfter(look, "finishedAt", refreshed)
                        && !look.path("views").isEmpty()
                        && look.path("concerned").asInt() > 0);
    }

    /** One look at the statements, as the service tells of it. */
    private record Look(double databaseMillis, double statementsIssued, double wallMillis) {
        static Look of(JsonNode look) {
            var wall = Duration.between(instant(look, "startedAt"), instant(look, "finishedAt"));
            return new Look(
                    look.path("databaseMillis").asDouble(),
                    look.path("statementsIssued").asDouble(),
                    wall.toNanos() / 1e6);
        }
    }

    private static double median(List<Look> looks, ToDoubleFunction<Look> figure) {
        return new Sample(looks.stream().mapToDouble(figure).boxed().toList()).median();
    }

    private List<JsonNode> these(String path, String list, Predicate<JsonNode> wanted) {
        return all(path, list).stream().filter(wanted).toList();
    }

    private List<JsonNode> all(String path, String list) {
        return Http.json(URI.create(optimizer.url() + "/" + path))
                .map(answer -> StreamSupport.stream(answer.path(list).spliterator(), false)
                        .toList())
                .orElse(List.of());
    }

    private static boolean isAfter(JsonNode node, String field, Instant moment) {
        return instant(node, field).isAfter(moment);
    }

    private static Instant instant(JsonNode node, String field) {
        return Instant.parse(node.path(field).asText());
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        if (!new Poll(LIMIT).until(condition)) {
            throw new LauncherException("Waited %d s for %s; the end of the optimizer's log:%n%s"
                    .formatted(LIMIT.toSeconds(), what, optimizer.process().endOfLog()));
        }
    }
}
