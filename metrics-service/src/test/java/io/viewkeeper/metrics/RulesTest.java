// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewkeeper.metrics.Promtool.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class RulesTest {
    @Test
    void promtoolAcceptsTheRules() {
        var answer = Promtool.find().run("check", "rules", Monitoring.RULES.toString());
        assertThat(answer).matches(said -> said.exitCode() == 0 && said.text().contains("SUCCESS"), "accepted");
    }

    @Test
    void everyTestOfTheRulesPasses() {
        var command = new ArrayList<>(List.of("test", "rules"));
        Monitoring.ruleTests().forEach(file -> command.add(file.toString()));
        assertThat(command).hasSizeGreaterThan(5);
        Answer answer = Promtool.find().run(command.toArray(String[]::new));
        assertThat(answer.text()).doesNotContain("FAILED");
        assertThat(answer.exitCode()).isZero();
    }

    /** As each test, with a second installation, of a cluster with a name, whose database has the same name and the same trouble. */
    @Test
    @Tag("release")
    void ofTwoInstallationsEachAlertNamesItsOwn(@TempDir Path folder) throws IOException {
        var command = new ArrayList<>(List.of("test", "rules"));
        for (var file : Monitoring.ruleTests()) {
            if (file.endsWith("two-installations.yaml")) {
                continue;
            }
            var twins = (ObjectNode) Monitoring.yaml(file);
            twins.putArray("rule_files").add(Monitoring.RULES.toAbsolutePath().toString());
            twins.path("tests").forEach(test -> twin((ObjectNode) test));
            command.add(Files.writeString(folder.resolve(file.getFileName()), twins.toString())
                    .toString());
        }
        Answer answer = Promtool.find().run(command.toArray(String[]::new));
        assertThat(answer.text()).doesNotContain("FAILED");
        assertThat(answer.exitCode()).isZero();
    }

    private static void twin(ObjectNode test) {
        var series = (ArrayNode) test.path("input_series");
        for (var one : series.deepCopy()) {
            var twin = (ObjectNode) one;
            twin.put("series", twin.path("series").asText().replaceFirst("\\{", "{cluster=\"eu\","));
            series.add(twin);
        }
        // Those are of the numbers, which the tests themselves compare.
        test.remove("promql_expr_test");
        for (var expectation : test.path("alert_rule_test")) {
            var alerts = (ArrayNode) expectation.path("exp_alerts");
            for (var one : alerts.deepCopy()) {
                if (one.path("exp_labels").has("database")) {
                    var twin = (ObjectNode) one;
                    ((ObjectNode) twin.path("exp_labels")).put("cluster", "eu");
                    var annotations = (ObjectNode) twin.path("exp_annotations");
                    for (var key : List.of("summary", "description")) {
                        annotations.put(key, annotations.path(key).asText().replaceAll("\\bshop\\b", "eu/shop"));
                    }
                    alerts.add(twin);
                }
            }
        }
    }

    @Test
    void everyAlertHasATestThatFiresItAndOneThatSeesItResolved() {
        var tested = new HashSet<String>();
        for (var test : tests()) {
            var fired = new HashSet<String>();
            for (var expectation : test.path("alert_rule_test")) {
                String alert = expectation.path("alertname").asText();
                if (!expectation.path("exp_alerts").isEmpty()) {
                    fired.add(alert);
                } else if (fired.contains(alert)) {
                    tested.add(alert);
                }
            }
        }
        assertThat(tested).isEqualTo(names("alert", Monitoring.alerts()));
    }

    @Test
    void everyRecordedSeriesIsTested() {
        var tested = new HashSet<String>();
        for (var test : tests()) {
            test.path("promql_expr_test")
                    .forEach(expectation -> tested.addAll(
                            PromqlNames.of(expectation.path("expr").asText())));
        }
        assertThat(tested).isEqualTo(names("record", Monitoring.records()));
    }

    @Test
    void everyAlertSaysWhatIsWrongHowBadItIsAndWhatToDo() throws IOException {
        var headings = Files.readAllLines(Promtool.root().resolve("docs/failure-modes.md")).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4).toLowerCase(Locale.ROOT))
                .collect(toSet());
        for (var alert : Monitoring.alerts()) {
            String name = alert.path("alert").asText();
            var annotations = alert.path("annotations");
            assertThat(annotations.path("summary").asText()).as(name).isNotBlank();
            assertThat(annotations.path("description").asText()).as(name).isNotBlank();
            assertThat(annotations.path("runbook").asText())
                    .isEqualTo("docs/failure-modes.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(annotations.path("runbook_url").asText())
                    .isEqualTo("https://viewkeeper.io/"
                            + annotations.path("runbook").asText());
            assertThat(annotations.path("summary").asText() + annotations.path("description"))
                    .as("of which database %s tells", name)
                    .contains("{{ with $labels.cluster }}{{ . }}/{{ end }}");
            assertThat(headings).contains(name.toLowerCase(Locale.ROOT));
            assertThat(alert.path("labels").path("severity").asText()).as(name).isIn("info", "warning", "critical");
            assertThat(alert.path("for").asText()).as(name).isIn(isCause(name) ? "1m" : "5m", "10m");
            assertThat(alert.path("keep_firing_for").asText()).as(name).isEqualTo("5m");
        }
    }

    /** Causes come before what follows from them. */
    private static boolean isCause(String alert) {
        return alert.equals("ViewkeeperDatabaseUnreachable") || alert.equals("ViewkeeperRefresherStopped");
    }

    /** KPIs have one source of their numbers: the settings of metrics-service, which it shows as series. */
    @Test
    void eachKpiIsComparedWithItsOwnTargetAndItsOwnAlertThreshold() {
        var compared = Monitoring.alerts().stream()
                .map(alert -> alert.path("expr").asText())
                .filter(expression -> expression.contains("viewkeeper_kpi_"))
                .filter(expression -> !expression.startsWith("absent"))
                .map(expression -> expression
                        .replaceAll("(?s).*(viewkeeper_kpi_\\w+)\\{kpi=\"([a-z-]+)\"}.*", "$1 $2")
                        .strip())
                .toList();
        var expected = new ArrayList<String>();
        for (var kpi : List.of("average-query-time", "cache-hit-ratio", "index-usage", "view-freshness")) {
            expected.add("viewkeeper_kpi_target " + kpi);
            expected.add("viewkeeper_kpi_alert_threshold " + kpi);
        }
        assertThat(compared).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void thePrometheusOperatorGetsTheSameGroups() {
        var rule = Monitoring.yaml(Monitoring.FOLDER.resolve("prometheus-rule.yaml"));
        assertThat(rule.path("apiVersion").asText()).isEqualTo("monitoring.coreos.com/v1");
        assertThat(rule.path("kind").asText()).isEqualTo("PrometheusRule");
        assertThat(rule.path("spec")).isEqualTo(Monitoring.yaml(Monitoring.RULES));
    }

    @Test
    void kustomizeFindsWhatItIsToDeploy() {
        var component = Monitoring.yaml(Monitoring.FOLDER.resolve("kustomization.yaml"));
        assertThat(component.path("kind").asText()).isEqualTo("Component");
        var files = new ArrayList<JsonNode>();
        component.path("resources").forEach(files::add);
        component.path("configMapGenerator").path(0).path("files").forEach(files::add);
        assertThat(files)
                .hasSize(1 + Monitoring.dashboards().size())
                .allMatch(file -> Files.isRegularFile(Monitoring.FOLDER.resolve(file.asText())));
        var options = component.path("configMapGenerator").path(0).path("options");
        assertThat(options.path("labels").path("grafana_dashboard").asText()).isEqualTo("1");
    }

    private static List<JsonNode> tests() {
        var tests = new ArrayList<JsonNode>();
        Monitoring.ruleTests()
                .forEach(file -> Monitoring.yaml(file).path("tests").forEach(tests::add));
        return tests;
    }

    private static Set<String> names(String key, List<JsonNode> rules) {
        return rules.stream().map(rule -> rule.path(key).asText()).collect(toSet());
    }
}
