// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class DashboardsTest {
    private static final Path DATABASE = Monitoring.FOLDER.resolve("dashboards/database_optimization_dashboard.json");

    static Stream<Path> dashboards() {
        return Monitoring.dashboards().stream();
    }

    @Test
    void theDatabaseDashboardHasTheFourRows() {
        assertThat(Monitoring.panels(DATABASE).stream()
                        .filter(DashboardsTest::isRow)
                        .map(row -> row.path("title").asText()))
                .containsExactly(
                        "Query Performance", "Materialized View Status", "Index Efficiency", "Cache Performance");
    }

    @Test
    void theDatabaseDashboardShowsAllTwelveNamesAndEveryLimitOfAKpi() {
        var names = new HashSet<String>();
        Monitoring.expressions(DATABASE).forEach(expression -> names.addAll(PromqlNames.of(expression)));
        assertThat(names)
                .contains(
                        "avg_query_time_ms",
                        "p95_query_time_ms",
                        "slow_query_count",
                        "view_refresh_success_rate",
                        "view_staleness_minutes",
                        "view_query_performance",
                        "index_usage_percent",
                        "index_scan_ratio",
                        "table_scan_ratio",
                        "buffer_cache_hit_ratio",
                        "shared_buffers_utilization",
                        "effective_cache_size_usage");
        for (var kpi : List.of("average-query-time", "cache-hit-ratio", "index-usage", "view-freshness")) {
            assertThat(Monitoring.expressions(DATABASE))
                    .anyMatch(expression -> expression.contains("viewkeeper_kpi_target{kpi=\"" + kpi))
                    .anyMatch(expression -> expression.contains("viewkeeper_kpi_alert_threshold{kpi=\"" + kpi));
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsInWhichUnitAndFromWhere(Path file) {
        for (var panel : Monitoring.panels(file)) {
            if (isRow(panel)) {
                continue;
            }
            String title = panel.path("title").asText();
            assertThat(panel.path("description").asText()).as(title).isNotBlank();
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.path("datasource").path("uid").asText()).as(title).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).as(title).isNotEmpty().allSatisfy(target -> {
                assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
                assertThat(target.path("expr").asText()).isNotBlank();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void idsOfPanelsAndTheirPlacesAreTheirOwn(Path file) {
        var panels = Monitoring.panels(file);
        assertThat(panels.stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
        for (var one : panels) {
            for (var other : panels) {
                assertThat(!one.path("id").equals(other.path("id"))
                                && overlap(one.path("gridPos"), other.path("gridPos")))
                        .as("%s and %s", one.path("title"), other.path("title"))
                        .isFalse();
            }
        }
    }

    private static boolean overlap(JsonNode one, JsonNode other) {
        return begins(one, "x") < ends(other, "x", "w")
                && begins(other, "x") < ends(one, "x", "w")
                && begins(one, "y") < ends(other, "y", "h")
                && begins(other, "y") < ends(one, "y", "h");
    }

    private static int begins(JsonNode place, String axis) {
        return place.path(axis).asInt();
    }

    private static int ends(JsonNode place, String axis, String length) {
        return place.path(axis).asInt() + place.path(length).asInt();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void datasourceJobInstanceClusterAndDatabaseAreVariables(Path file) {
        var variables = new ArrayList<String>();
        Monitoring.dashboard(file)
                .path("templating")
                .path("list")
                .forEach(variable -> variables.add(variable.path("name").asText()));
        assertThat(variables).contains("datasource", "job", "instance", "cluster", "database");
        if (file.getFileName().toString().startsWith("view_")) {
            assertThat(variables).contains("view");
        }
        assertThat(Monitoring.dashboard(file).path("schemaVersion").asInt()).isBetween(38, 40);
        assertThat(Monitoring.dashboard(file).path("uid").asText()).isNotBlank();
    }

    /** "All" of 500 names would be an address too long, and of a label that is not there, nothing. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void allIsAPatternAndTheOthersAreOneClickAwayAndNobodyEditsWhatIsDelivered(Path file) {
        var dashboard = Monitoring.dashboard(file);
        for (var variable : dashboard.path("templating").path("list")) {
            if (variable.path("includeAll").asBoolean()) {
                assertThat(variable.path("allValue").asText())
                        .as(variable.path("name").asText())
                        .isEqualTo(variable.path("name").asText().equals("cluster") ? ".*" : ".+");
            }
        }
        assertThat(dashboard.path("editable").asBoolean(true)).isFalse();
        assertThat(dashboard.path("links")).anySatisfy(link -> {
            assertThat(link.path("type").asText()).isEqualTo("dashboards");
            assertThat(dashboard.path("tags")).containsAll(link.path("tags"));
            assertThat(link.path("includeVars").asBoolean()).isTrue();
        });
    }

    @Test
    void alertsThatFireTheOptimizerAndTheProcessesAreShown() {
        var asked = new HashSet<String>();
        dashboards()
                .forEach(file ->
                        Monitoring.expressions(file).forEach(expression -> asked.addAll(PromqlNames.of(expression))));
        assertThat(asked)
                .contains(
                        "ALERTS", "viewkeeper_optimizer_analyses_total", "jvm_memory_used_bytes", "process_cpu_usage");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void promtoolCanReadEveryExpression(Path file, @TempDir Path folder) throws IOException {
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        var expressions = Monitoring.expressions(file);
        for (int i = 0; i < expressions.size(); i++) {
            String expression =
                    expressions.get(i).replace("$__rate_interval", "5m").replace("'", "''");
            rules.append("      - record: expression_%d%n        expr: '%s'%n".formatted(i, expression));
        }
        var written = Files.writeString(folder.resolve("rules.yaml"), rules);
        var answer = Promtool.find().run("check", "rules", written.toString());
        assertThat(answer.text()).contains("SUCCESS: " + expressions.size() + " rules found");
    }

    private static boolean isRow(JsonNode panel) {
        return panel.path("type").asText().equals("row");
    }
}
