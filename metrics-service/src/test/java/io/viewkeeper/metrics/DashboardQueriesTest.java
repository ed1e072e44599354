// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the panels ask, asked of a Prometheus that looks at two installations whose databases have one name: 500 views here and
 * three there, a tenth of them never refreshed.
 */
@Tag("server")
class DashboardQueriesTest {
    private static final int LINES = 50;
    private static final List<String> CLUSTERS = List.of("eu", "us");
    private static final List<String> KPIS =
            List.of("average-query-time", "cache-hit-ratio", "index-usage", "view-freshness");

    /** Recorded without a database, for it is a number of the rules. */
    private static final String OBJECTIVE = "viewkeeper:minutes_fresh_objective:ratio";

    private final StringBuilder series = new StringBuilder();
    private final StringBuilder questions = new StringBuilder();

    @Test
    void everyPanelShowsFewLinesAndThoseOfTheChosenInstallationOnly(@TempDir Path folder) throws IOException {
        var names = new TreeSet<String>();
        for (var dashboard : Monitoring.dashboards()) {
            for (var panel : Monitoring.panels(dashboard)) {
                var queries = queries(panel);
                queries.forEach(query -> names.addAll(PromqlNames.of(query)));
                queries.forEach(this::asksTheChosenInstallationOnly);
                if (!queries.isEmpty() && !panel.path("type").asText().equals("table")) {
                    hasFewLines(queries);
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(40);
        names.remove(OBJECTIVE);
        names.forEach(name -> {
            series(name, "eu", 500);
            series(name, "us", 3);
        });
        var test = folder.resolve("dashboards.yaml");
        Files.writeString(
                test,
                "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n" + series
                        + "    promql_expr_test:\n" + questions);
        var answer = Promtool.find().run("test", "rules", test.toString());
        assertThat(answer.text()).contains("SUCCESS").doesNotContain("FAILED");
    }

    /** A view that was never refreshed is in no graph of ages, for it has none; legend and table have its name. */
    @Test
    void neverRefreshedViewsAreAmongTheAges() {
        assertThat(Monitoring.dashboards().stream()
                        .flatMap(dashboard -> Monitoring.panels(dashboard).stream())
                        .filter(panel -> panel.path("title").asText().startsWith("Age of the data")
                                || panel.path("title").asText().equals("Views")))
                .hasSize(4)
                .allSatisfy(panel -> assertThat(queries(panel))
                        .anyMatch(query -> query.contains("view_staleness_minutes") && query.contains("== Inf")));
    }

    private static List<String> queries(JsonNode panel) {
        var queries = new ArrayList<String>();
        panel.path("targets").forEach(target -> queries.add(target.path("expr").asText()));
        return queries;
    }

    private void asksTheChosenInstallationOnly(String query) {
        for (String cluster : CLUSTERS) {
            question(
                    "group by (cluster, database) (" + chosen(query, cluster) + ")",
                    "{cluster=\"" + cluster + "\",database=\"shop\"}");
        }
    }

    private void hasFewLines(List<String> queries) {
        String lines = queries.stream()
                .map(query -> "(count(" + chosen(query, ".*") + ") or vector(0))")
                .collect(joining(" + "));
        question("(" + lines + ") <= bool " + LINES, "{}");
    }

    private static String chosen(String query, String cluster) {
        return query.replace("$__rate_interval", "5m")
                .replace("$cluster", cluster)
                .replaceAll("\\$(job|instance|database|schema|view)\\b", Matcher.quoteReplacement(".+"));
    }

    /** Its answer is one series with the value 1. */
    private void question(String expression, String labels) {
        questions.append("      - expr: '%s'%n        eval_time: 15m%n        exp_samples:%n".formatted(expression));
        questions.append("          - labels: '%s'%n            value: 1%n".formatted(labels));
    }

    private void series(String name, String cluster, int views) {
        boolean recorded = name.contains(":") || name.equals("ALERTS");
        String common = "cluster=\"%s\",database=\"shop\"".formatted(cluster)
                + (recorded ? "" : ",job=\"%s-viewkeeper\",instance=\"%s-0\"".formatted(cluster, cluster));
        labels(name, views).forEach(labels -> {
            series.append("      - series: '%s{%s%s}'%n".formatted(name, common, labels));
            series.append("        values: '%s'%n".formatted(values(name, labels)));
        });
    }

    private static Stream<String> labels(String name, int views) {
        var ofViews = IntStream.range(0, views).mapToObj(",schema=\"s\",view=\"v%d\""::formatted);
        if (name.startsWith("viewkeeper_kpi")) {
            return KPIS.stream().map(",kpi=\"%s\""::formatted);
        }
        if (name.equals("viewkeeper_refresh_runs_total")) {
            return ofViews.flatMap(view -> Stream.of(view + ",outcome=\"completed\"", view + ",outcome=\"failed\""));
        }
        if (name.equals("ALERTS")) {
            return ofViews.map(
                    view -> view + ",alertname=\"ViewkeeperViewStale\",alertstate=\"firing\",severity=\"warning\"");
        }
        if (name.startsWith("view_")
                || name.startsWith("viewkeeper_view_")
                || name.startsWith("database_schema_view:")) {
            return ofViews;
        }
        return switch (name) {
            case "viewkeeper_table_scans_total" -> Stream.of(",kind=\"index\"", ",kind=\"sequential\"");
            case "jvm_memory_used_bytes" -> Stream.of(",area=\"heap\",id=\"x\"");
            case "viewkeeper_refresh_duration_seconds_bucket", "viewkeeper_event_delivery_seconds_bucket" ->
                Stream.of(",method=\"plain\",le=\"1\"", ",method=\"plain\",le=\"+Inf\"");
            default -> Stream.of("");
        };
    }

    private static String values(String name, String labels) {
        boolean never = labels.contains("0\"");
        return switch (name) {
            case "view_staleness_minutes" -> never ? "Inf+0x20" : "3+0x20";
            case "viewkeeper_view_data_timestamp_seconds" -> never ? "_x20" : "0+60x20";
            default -> "1+60x20";
        };
    }
}
