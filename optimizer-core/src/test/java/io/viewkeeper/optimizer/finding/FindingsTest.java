// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanTimes;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FindingsTest {
    private static final String SECRET = "anna-4711";
    private static final Set<String> EXPRESSIONS = Set.of(
            "Filter",
            "Index Cond",
            "Recheck Cond",
            "Hash Cond",
            "Merge Cond",
            "Join Filter",
            "TID Cond",
            "One-Time Filter",
            "Order By",
            "Run Condition",
            "Sort Key",
            "Presorted Key",
            "Group Key",
            "Cache Key",
            "Output",
            "Function Call",
            "Remote SQL");

    @Test
    void reportsWhatTakesTenMillisecondsAndATwentieth() {
        assertThat(Findings.matters(10.0, 200, Findings.LEAST_MILLIS)).isTrue();
        assertThat(Findings.matters(9.99, 100, Findings.LEAST_MILLIS)).isFalse();
        assertThat(Findings.matters(10.0, 200.1, Findings.LEAST_MILLIS)).isFalse();
        assertThat(Findings.matters(null, 1_000, Findings.LEAST_MILLIS)).isTrue();
    }

    @Test
    void gradesByTheShareOfTheWhole() {
        var context = plan(100, node(NodeType.RESULT).actual(1, 100)).context();

        assertThat(Impact.of(context, 50)).isEqualTo(new Impact(50.0, null, null, Severity.CRITICAL));
        assertThat(Impact.of(context, 49.9)).isEqualTo(new Impact(49.9, null, null, Severity.WARNING));
        assertThat(Impact.of(context, 20)).isEqualTo(new Impact(20.0, null, null, Severity.WARNING));
        assertThat(Impact.of(context, 19.9)).isEqualTo(new Impact(19.9, null, null, Severity.INFO));
        var root = context.plan().root();
        assertThat(Impact.exclusive(context, root).millis()).isEqualTo(100);
        assertThat(Impact.share(context, root, 0.25).millis()).isEqualTo(25);
        assertThat(Impact.inclusive(context, root).millis()).isEqualTo(100);
    }

    @Test
    void knowsNoImpactWithoutTimes() {
        var context = plan(100, node(NodeType.RESULT).untimed(1, 1)).context();

        assertThat(Impact.of(context, 50)).isEqualTo(new Impact(null, null, null, Severity.WARNING));
    }

    @Test
    void whatIsExecutedOftenMayCostLess() {
        // Ten milliseconds, or a minute a day.
        assertThat(Findings.matters(9.0, 30, Findings.least(0))).isFalse();
        assertThat(Findings.matters(9.0, 30, Findings.least(6_000))).isFalse();
        assertThat(Findings.matters(9.0, 30, Findings.least(6_667))).isTrue();
        assertThat(Findings.matters(1.0, 30, Findings.least(1_000_000))).isFalse();
        assertThat(Findings.matters(1.5, 30, Findings.least(1_000_000))).isTrue();
        assertThat(Findings.matters(10.0, 30, Findings.least(1))).isTrue();
    }

    /** Whatever the statement's values are, and wherever they stand. */
    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.finding.RuleFixturesTest#ids")
    void tellsNoValueOfTheStatement(String rule) throws Exception {
        var context = withSecrets(rule);

        for (var one : Rules.ALL) {
            assertThat(one.check(context))
                    .allSatisfy(finding -> assertThat(finding.toString()).doesNotContain(SECRET));
        }
    }

    @Test
    void wouldTellValuesIfExpressionsWereNotRedacted() throws Exception {
        var context = withSecrets("seq-scan-filters-most");

        assertThat(context.plan().root().conditions().filter()).contains(SECRET);
        assertThat(new SeqScanFiltersMost().check(context).toString()).contains("(x.name = ?::text)");
    }

    private static Context withSecrets(String rule) throws Exception {
        var fixture = Fixture.of(rule);
        var json = new ObjectMapper().readTree(fixture.read("positive.json"));
        plant(json);
        var plan = PlanReader.read(json.toString()).getFirst();
        var around = fixture.context("positive");
        return new Context(plan, PlanTimes.of(plan), around.tables(), around.server(), around.history());
    }

    private static void plant(JsonNode json) {
        if (json instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (EXPRESSIONS.contains(field.getKey())) {
                    field.setValue(secretIn(field.getValue()));
                }
            }
        }
        json.forEach(FindingsTest::plant);
    }

    private static JsonNode secretIn(JsonNode value) {
        if (value instanceof ArrayNode items) {
            for (int i = 0; i < items.size(); i++) {
                items.set(i, secretIn(items.get(i)));
            }
            return items;
        }
        return new TextNode("(" + value.asText() + " AND (x.name = '" + SECRET + "'::text))");
    }
}
