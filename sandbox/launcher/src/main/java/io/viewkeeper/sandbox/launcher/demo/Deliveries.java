// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.sandbox.launcher.demo.ViewStates.ScheduledRun;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.ViewName;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows the first refresh by schedule of each view from the log to everybody who should hear of it. */
public final class Deliveries {
    private final ViewStates states;
    private final EventWatch watch;
    private final RunningService optimizer;
    private final RunningService metrics;
    /** Views whose event the optimizer has shown: it need not be asked again. */
    private final Set<ViewName> shownByOptimizer = new HashSet<>();

    public Deliveries(ViewStates states, EventWatch watch, RunningService optimizer, RunningService metrics) {
        this.states = states;
        this.watch = watch;
        this.optimizer = optimizer;
        this.metrics = metrics;
    }

    /**
     * How far one view is; each stage needs the one before it.
     *
     * @param run the first good refresh by schedule
     */
    public record Delivery(
            ViewName view, Optional<ScheduledRun> run, boolean onTopic, boolean atOptimizer, boolean atMetrics) {

        public boolean isComplete() {
            return run.isPresent() && onTopic && atOptimizer && atMetrics;
        }

        /** For people: what is missing, if anything is. */
        public String describe() {
            var missing = new ArrayList<String>();
            if (run.isEmpty()) {
                return view + ": not refreshed by schedule yet (no row in analytics.view_refresh_log)";
            }
            if (!onTopic) {
                missing.add("a plain Kafka consumer");
            }
            if (!atOptimizer) {
                missing.add("optimizer-service");
            }
            if (!atMetrics) {
                missing.add("metrics-service");
            }
            return missing.isEmpty()
                    ? view + ": complete"
                    : "%s: refreshed (run %s), its event not seen by %s"
                            .formatted(view, run.orElseThrow().runId(), String.join(" and ", missing));
        }
    }

    /** The present state of all views. */
    public List<Delivery> now() throws SQLException {
        var runs = new HashMap<ViewName, ScheduledRun>();
        states.firstScheduledRuns().forEach(run -> runs.put(run.view(), run));
        var published = new HashSet<String>();
        watch.events().forEach(event -> published.add(event.header(EventHeaders.SUBJECT) + "/" + event.sequence()));
        var gauged = sequencesAtMetrics();
        var deliveries = new ArrayList<Delivery>();
        for (var row : states.rows()) {
            var view = row.view();
            var run = Optional.ofNullable(runs.get(view));
            deliveries.add(new Delivery(
                    view,
                    run,
                    run.filter(found -> published.contains(view + "/" + found.sequence()))
                            .isPresent(),
                    run.filter(this::isAtOptimizer).isPresent(),
                    run.filter(found -> gauged.getOrDefault(view.toString(), 0L) >= found.sequence())
                            .isPresent()));
        }
        return deliveries;
    }

    private boolean isAtOptimizer(ScheduledRun run) {
        if (shownByOptimizer.contains(run.view())) {
            return true;
        }
        var query = "/refreshes?view=" + URLEncoder.encode(run.view().toString(), StandardCharsets.UTF_8);
        boolean shown = Http.json(URI.create(optimizer.url() + query))
                .map(refreshes -> refreshes.findValuesAsText("runId"))
                .filter(ids -> ids.contains(run.runId().toString()))
                .isPresent();
        if (shown) {
            shownByOptimizer.add(run.view());
        }
        return shown;
    }

    private Map<String, Long> sequencesAtMetrics() {
        var sequences = new HashMap<String, Long>();
        Http.json(URI.create(metrics.url() + "/views"))
                .ifPresent(answer -> answer.findParents("lastEventSequence")
                        .forEach(view -> sequences.put(
                                nameOf(view), view.path("lastEventSequence").asLong())));
        return sequences;
    }

    private static String nameOf(JsonNode node) {
        var view = node.path("view");
        if (view.isTextual()) {
            return view.asText();
        }
        var parts = view.isObject() ? view : node;
        return parts.path("schema").asText() + "." + parts.path("name").asText();
    }
}
