// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTextTest {
    private static final String MEASURED = """
            {"Plan": {"Node Type": "Hash Join", "Join Type": "Left", "Hash Cond": "(o.customer_id = c.id)",
               "Startup Cost": 1, "Total Cost": 2, "Plan Rows": 2000000, "Plan Width": 8,
               "Actual Total Time": 40, "Actual Rows": 1234567, "Actual Loops": 1, "Plans": [
                {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": true,
                 "Relation Name": "orders", "Alias": "o", "Filter": "(total > 5)", "Rows Removed by Filter": 7,
                 "Total Cost": 2, "Plan Rows": 3, "Actual Total Time": 0.5, "Actual Rows": 2.5, "Actual Loops": 60},
                {"Node Type": "Index Scan", "Parent Relationship": "Inner", "Schema": "shop",
                 "Relation Name": "customers", "Alias": "customers", "Index Name": "customers_pkey",
                 "Scan Direction": "Backward", "Index Cond": "(id = o.id)", "Total Cost": 2, "Plan Rows": 100000,
                 "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0}]},
             "Planning Time": 1.25, "Execution Time": 50,
             "Triggers": [{"Trigger Name": "audit", "Time": 2, "Calls": 1}, {"Trigger Name": "silent", "Calls": 1}]}
            """;

    @Test
    void aMeasuredPlanShowsTimesAndRows() throws MalformedPlanException {
        assertThat(PlanText.of(plan(MEASURED))).isEqualTo("""
                           time      own ms     rows  planned   loops  node
                ██          20%      10.000     1.2M     2.0M       1  Hash Left Join
                                                                            Hash Cond: (o.customer_id = c.id)
                ██████      60%      30.000      2.5        3      60    -> Parallel Seq Scan on orders o
                                                                              Filter (removes 7): (total > 5)
                                               never     100k            -> Index Scan Backward using customers_pkey on shop.customers
                                                                              Index Cond: (id = o.id)

                planning 1.250 ms, execution 50.000 ms, trigger audit 2.000 ms
                """);
    }

    @Test
    void anUnmeasuredPlanShowsEstimates() throws MalformedPlanException {
        assertThat(PlanText.of(plan("""
                {"Node Type": "Sort", "Sort Key": ["a DESC", "b"], "Total Cost": 12.345, "Plan Rows": 7, "Plans": [
                  {"Node Type": "CTE Scan", "CTE Name": "big", "Alias": "x", "Total Cost": 1e20, "Plan Rows": 1}]}"""))).isEqualTo("""
                        planned        cost  node
                              7        12.3  Sort
                                                  Key: a DESC, b
                              1       1e+20    -> CTE Scan on big x
                        """);
    }

    @Test
    void withoutCostsTheTreeIsLeft() throws MalformedPlanException {
        assertThat(PlanText.of(plan("{\"Node Type\": \"Limit\", \"Plans\": [{\"Node Type\": \"Result\"}]}")))
                .isEqualTo("""
                node
                Limit
                  -> Result
                """);
    }

    @Test
    void withoutTimingRowsAreShownAlone() throws MalformedPlanException {
        assertThat(PlanText.of(plan("""
                {"Plan": {"Node Type": "Limit", "Actual Rows": 3, "Actual Loops": 2}, "Execution Time": 12345.6}"""))).isEqualTo("""
                           rows   loops  node
                              3       2  Limit

                        execution 12346 ms
                        """);
    }

    @Test
    void remarksStandUnderTheirNodeInLinesThatFit() throws MalformedPlanException {
        Plan plan = plan("{\"Node Type\": \"Limit\", \"Plans\": [{\"Node Type\": \"Result\"}]}");
        String remark = "an index would help ".repeat(8).strip();
        assertThat(PlanText.of(plan, node -> node.path().equals("0") ? List.of(remark, "second") : List.of()))
                .isEqualTo("""
                        node
                        Limit
                             ! an index would help an index would help an index would help an index would help an index would help an index
                               would help an index would help an index would help
                             ! second
                          -> Result
                        """);
    }

    @Test
    void namesCannotMoveTheCursor() throws MalformedPlanException {
        String text = PlanText.of(
                plan(
                        "{\"Node Type\": \"Seq Scan\", \"Relation Name\": \"a\\u001b[2J\\nb\\u202e\", \"Filter\": \"x\\u0085\\ud800\"}"));
        assertThat(text).contains("Seq Scan on a\\u001b[2J\\u000ab\\u202e\n").contains("Filter: x\\u0085\\ud800\n");
    }

    @Test
    void remarksCannotMoveTheCursorEither() throws MalformedPlanException {
        assertThat(PlanText.of(plan("{\"Node Type\": \"Result\"}"), _ -> List.of("a\u001bb")))
                .contains("! a\\u001bb");
    }

    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.plan.Corpus#sample")
    void everyNodeHasALineAndNoLineIsTooWide(Corpus.Stored stored) throws MalformedPlanException {
        Plan plan = PlanReader.read(stored.json()).getFirst();
        String text = PlanText.of(plan, node -> List.of("about " + node.path()));
        assertThat(text.lines()).allMatch(line -> line.length() <= 120);
        assertThat(plan.nodes()).allSatisfy(node -> assertThat(text).contains("! about " + node.path()));
    }

    @Test
    void theDeepestPlanFitsToo() throws MalformedPlanException {
        Plan plan = plan("{\"Node Type\": \"Limit\", \"Plans\": [".repeat(400) + "{\"Node Type\": \"Result\"}"
                + "]}".repeat(400));
        assertThat(PlanText.of(plan, _ -> List.of("x ".repeat(200))).lines()).allMatch(line -> line.length() <= 120);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "0.5, 0.5",
        "999.94, 999.9",
        "1000.4, 1000",
        "99999, 99999",
        "100000, 100k",
        "123456, 123k",
        "999499, 999k",
        "999500, 1.0M",
        "99940000, 99.9M",
        "99950000, 100M",
        "99960000, 100M",
        "1234567890, 1.2G",
        "5e12, 5.0T",
        "1e16, 1e+16"
    })
    void countsAreShort(double count, String expected) {
        assertThat(PlanFigures.count(count)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.000", "9999.9994, 9999.999", "10000, 10000", "10000.6, 10001"})
    void longTimesLoseTheirFractions(double millis, String expected) {
        assertThat(PlanFigures.millis(millis)).isEqualTo(expected);
    }

    @Test
    void cuttingCountsCharactersAndNotTheirHalves() {
        assertThat(Printable.cut("abc", 3)).isEqualTo("abc");
        assertThat(Printable.cut("abcd", 3)).isEqualTo("ab…");
        assertThat(Printable.cut("😀😀😀😀", 3)).isEqualTo("😀😀…");
    }

    @Test
    void wrappingBreaksBetweenWordsWhereThereAreAny() {
        assertThat(Printable.wrapped("ab cd ef", 5)).containsExactly("ab cd", "ef");
        assertThat(Printable.wrapped("abcdefg", 3)).containsExactly("abc", "def", "g");
        assertThat(Printable.wrapped("  ", 3)).isEmpty();
    }

    private static Plan plan(String json) throws MalformedPlanException {
        return PlanReader.read(json).getFirst();
    }
}
