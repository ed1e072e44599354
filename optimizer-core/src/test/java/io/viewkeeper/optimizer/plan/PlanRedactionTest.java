// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanRedactionTest {
    /** Every kind of text that a plan can have, with a value in each. */
    private static final String PLANTED = """
            [{"Plan": {"Node Type": "Limit", "Alias": "it's", "Output": ["('marked'::text || x)", "4242"],
               "Filter": "(a = 'marked'::text) AND (b > '-4242'::integer) AND c AND (d IS NOT NULL) AND (\\"E 1\\" = $1)",
               "Index Cond": "(a = ANY ('{marked,list}'::text[]))", "Recheck Cond": "(a = 4242.5)",
               "TID Cond": "(ctid = '(4242,1)'::tid)", "Hash Cond": "(a = 'marked'::text)",
               "Merge Cond": "(a = 'marked'::text)", "Join Filter": "(a = 'marked'::text)",
               "One-Time Filter": "('marked'::text = $1)", "Order By": "(p <-> '(4242,4242)'::point)",
               "Run Condition": "(row_number() OVER (?) <= 4242)", "Function Call": "f('marked'::text)",
               "Sampling Method": "bernoulli", "Sampling Parameters": ["'4242'::real"], "Repeatable Seed": "'4242'::double",
               "Cache Key": "x", "Unheard Of": {"Deep": ["'marked'", {"Deeper": "E'marked\\\\'marked'"}]},
               "Conflict Arbiter Indexes": ["customer's key"], "Plan Rows": 77,
               "Workers": [{"Worker Number": 0, "Note": "'marked'"}],
               "Plans": [
                 {"Node Type": "Sort", "Sort Key": ["(COALESCE(a, 'marked'::text))"]},
                 {"Node Type": "Incremental Sort", "Sort Key": ["('marked'::text)"], "Presorted Key": ["4242"]},
                 {"Node Type": "Aggregate", "Group Key": ["('marked'::text)"], "Strategy": "Hashed"},
                 {"Node Type": "Merge Append", "Sort Key": ["('marked'::text)"]},
                 {"Node Type": "Memoize", "Cache Key": "(x || 'marked'::text)"},
                 {"Node Type": "WindowAgg", "Window": "w1 AS (ORDER BY ('marked'::text) ROWS 4242 PRECEDING)"},
                 {"Node Type": "Foreign Scan", "Relations": "(a) INNER JOIN (b)", "Remote SQL": "SELECT 1 WHERE (x = 'marked')"},
                 {"Node Type": "Table Function Scan", "Table Function Call": "XMLTABLE('marked')"}]},
              "Settings": {"work_mem": "64kB", "search_path": "shop, 'marked setting'"},
              "Query Text": "select * from t where a = 'marked' -- marked",
              "Query Parameters": "$1 = 'marked'",
              "Triggers": [{"Trigger Name": "audit's", "Time": 1, "Calls": 2, "Odd": "'marked'"}],
              "Serialization": {"Format": "text", "Odd": "'marked'"},
              "Execution Time": 12.5}]""";

    @Test
    void noValueStaysWhereverItStands() throws MalformedPlanException {
        String safe = safe(PLANTED);
        assertThat(safe.replace("marked setting", "")).doesNotContain("marked").doesNotContain("4242");
    }

    @Test
    void namesNumbersAndSettingsStay() throws MalformedPlanException {
        JsonNode safe = PlanReader.parse(safe(PLANTED)).get(0);
        JsonNode root = safe.get("Plan");
        assertThat(root.get("Alias").textValue()).isEqualTo("it's");
        assertThat(root.get("Filter").textValue())
                .isEqualTo("(a = ?::text) AND (b > ?::integer) AND c AND (d IS NOT NULL) AND (\"E 1\" = $1)");
        assertThat(root.get("Index Cond").textValue()).isEqualTo("(a = ANY (?::text[]))");
        assertThat(root.get("Output").get(0).textValue()).isEqualTo("(?::text || x)");
        assertThat(root.get("Sampling Method").textValue()).isEqualTo("bernoulli");
        assertThat(root.get("Sampling Parameters").get(0).textValue()).isEqualTo("?::real");
        assertThat(root.get("Conflict Arbiter Indexes").get(0).textValue()).isEqualTo("customer's key");
        assertThat(root.get("Unheard Of").get("Deep").get(1).get("Deeper").textValue())
                .isEqualTo("?");
        assertThat(root.get("Plan Rows").intValue()).isEqualTo(77);
        assertThat(safe.get("Settings").get("work_mem").textValue()).isEqualTo("64kB");
        assertThat(safe.get("Settings").get("search_path").textValue()).isEqualTo("shop, 'marked setting'");
        assertThat(safe.get("Query Text").textValue()).isEqualTo("select * from t where a = ?  ");
        assertThat(safe.has("Query Parameters")).isFalse();
        assertThat(safe.get("Triggers").get(0).get("Trigger Name").textValue()).isEqualTo("audit's");
        assertThat(safe.get("Serialization").get("Format").textValue()).isEqualTo("text");
        assertThat(safe.get("Serialization").get("Odd").textValue()).isEqualTo("?");
        assertThat(safe.get("Execution Time").doubleValue()).isEqualTo(12.5);
    }

    @Test
    void whatIsGivenStaysAsItIs() throws MalformedPlanException {
        JsonNode given = PlanReader.parse(PLANTED);
        PlanRedaction.of(given);
        assertThat(given).isEqualTo(PlanReader.parse(PLANTED));
    }

    /** Which of them uses a SubPlan's or an InitPlan's result is known by its number, and that is no value. */
    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.plan.Corpus#sample")
    void timeIsWhereItWas(Corpus.Stored stored) throws MalformedPlanException {
        Plan plan = PlanReader.read(stored.json()).getFirst();
        Plan safe = PlanReader.read(safe(stored.json())).getFirst();
        assertThat(safe.nodes().stream().map(PlanTimes.of(safe)::exclusiveMillis))
                .containsExactlyElementsOf(plan.nodes().stream()
                        .map(PlanTimes.of(plan)::exclusiveMillis)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.plan.Corpus#sample")
    void noExpressionOfARealPlanHoldsALiteral(Corpus.Stored stored) throws MalformedPlanException {
        assertRedacted(stored.json());
    }

    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.plan.Corpus#sample")
    void redactingTwiceChangesNothingMore(Corpus.Stored stored) throws MalformedPlanException {
        String once = safe(stored.json());
        assertThat(safe(once)).isEqualTo(once);
    }

    static void assertRedacted(String json) throws MalformedPlanException {
        String safe = safe(json);
        assertThat(safe.toLowerCase(Locale.ROOT)).doesNotContain("marked");
        assertThat(PlanReader.read(safe).getFirst().nodes().stream().flatMap(NodeTexts::of))
                .allSatisfy(text -> assertThat(SqlLexer.tokens(text.replaceAll("(Sub|Init)Plan \\d+", "plan")))
                        .noneMatch(SqlToken::isLiteral));
    }

    private static String safe(String json) throws MalformedPlanException {
        return PlanRedaction.of(PlanReader.parse(json)).toString();
    }

    @Test
    void theCorpusHasValuesToLose() {
        assertThat(Corpus.stored())
                .filteredOn(stored -> stored.json().contains("marked"))
                .hasSizeGreaterThan(30);
    }

    @Test
    void aPlanWithoutTextsStaysAsItIs() throws MalformedPlanException {
        assertThat(safe("{\"Plan\": {\"Node Type\": \"Result\"}}")).isEqualTo("{\"Plan\":{\"Node Type\":\"Result\"}}");
    }

    @Test
    void whatIsNoPlanIsRefused() {
        assertThatThrownBy(() -> safe("select * from t")).isInstanceOf(MalformedPlanException.class);
    }

    @Test
    void aTextAloneIsRedactedToo() throws MalformedPlanException {
        assertThat(safe("\"a = 'marked'\"")).isEqualTo("\"a = ?\"");
        assertThat(safe("[{\"Settings\": \"'marked'\"}]")).isEqualTo("[{\"Settings\":\"?\"}]");
    }
}
