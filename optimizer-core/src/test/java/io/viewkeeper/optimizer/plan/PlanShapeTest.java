// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlanShapeTest {
    private static final String BEFORE = """
            {"Node Type": "Sort", "Sort Key": ["o.total DESC", "o.id"], "Plans": [
              {"Node Type": "Index Scan", "Parent Relationship": "Outer", "Relation Name": "orders",
               "Index Name": "orders_pkey", "Scan Direction": "Forward", "Total Cost": 5, "Plan Rows": 7,
               "Index Cond": "(id = ANY ('{1,2}'::integer[]))", "Filter": "((status = 'open'::text) AND (total > 5.5))",
               "Actual Total Time": 1, "Actual Rows": 1, "Actual Loops": 1}]}""";

    @Test
    void theHashIsShortAndOfHexadecimalDigits() throws MalformedPlanException {
        assertThat(hash(BEFORE)).matches("[0-9a-f]{32}").isEqualTo(hash(BEFORE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            "Total Cost": 5            ¦ "Total Cost": 500
            "Plan Rows": 7             ¦ "Plan Rows": 7000
            "Actual Total Time": 1     ¦ "Actual Total Time": 99
            "Actual Rows": 1           ¦ "Actual Rows": 99
            '{1,2}'::integer[]         ¦ '{3,4,5}'::integer[]
            ANY ('{1,2}'::integer[])   ¦ ANY ($1)
            'open'::text               ¦ $2
            'open'::text               ¦ 'shut'::character varying(20)
            'open'::text               ¦ ?::pg_catalog.text
            total > 5.5                ¦ total > '-7'::numeric
            (total > 5.5)              ¦ (total > (InitPlan 1).col1)
            (total > 5.5)              ¦ (total > $0)
            (status = 'open'::text) AND (total > 5.5) ¦ (total > 5.5) AND (status = 'open'::text)
            """)
    void valuesEstimatesAndMeasurementsAreNoPartOfTheShape(String was, String is) throws MalformedPlanException {
        String after = changed(was, is);
        assertThat(hash(after)).isEqualTo(hash(BEFORE));
        assertThat(PlanShape.changedNode(plan(BEFORE), plan(after))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            "Index Name": "orders_pkey"  ¦ "Index Name": "orders_by_day" ¦ 0.0 ¦ Index Scan using orders_by_day on orders instead of Index Scan using orders_pkey on orders
            "Node Type": "Index Scan"    ¦ "Node Type": "Index Only Scan" ¦ 0.0 ¦ Index Only Scan using orders_pkey on orders instead of Index Scan using orders_pkey on orders
            "Relation Name": "orders"    ¦ "Relation Name": "items" ¦ 0.0 ¦ Index Scan using orders_pkey on items instead of Index Scan using orders_pkey on orders
            "Scan Direction": "Forward"  ¦ "Scan Direction": "Backward" ¦ 0.0 ¦ Index Scan Backward using orders_pkey on orders instead of Index Scan using orders_pkey on orders
            "Parent Relationship": "Outer" ¦ "Parent Relationship": "SubPlan" ¦ 0.0 ¦ Index Scan using orders_pkey on orders has other conditions or keys
            status = 'open'              ¦ state = 'open' ¦ 0.0 ¦ Index Scan using orders_pkey on orders has other conditions or keys
            "Filter"                     ¦ "Recheck Cond" ¦ 0.0 ¦ Index Scan using orders_pkey on orders has other conditions or keys
            o.total DESC                 ¦ o.total ¦ 0 ¦ Sort has other conditions or keys
            "o.total DESC", "o.id"       ¦ "o.id", "o.total DESC" ¦ 0 ¦ Sort has other conditions or keys
            "Node Type": "Sort"          ¦ "Node Type": "Limit" ¦ 0 ¦ Limit instead of Sort
            """)
    void whatElseIsDifferentIsFoundAtItsNode(String was, String is, String path, String what)
            throws MalformedPlanException {
        String after = changed(was, is);
        assertThat(hash(after)).isNotEqualTo(hash(BEFORE));
        assertThat(PlanShape.changedNode(plan(BEFORE), plan(after))).contains(new PlanShape.Change(path, what));
    }

    @Test
    void nodesMoreOrLessAreFound() throws MalformedPlanException {
        String more =
                "{\"Node Type\": \"Append\", \"Plans\": [{\"Node Type\": \"Result\"}, {\"Node Type\": \"Limit\"}]}";
        String less = "{\"Node Type\": \"Append\", \"Plans\": [{\"Node Type\": \"Result\"}]}";
        assertThat(hash(more)).isNotEqualTo(hash(less));
        assertThat(PlanShape.changedNode(plan(less), plan(more))).contains(new PlanShape.Change("0.1", "Limit is new"));
        assertThat(PlanShape.changedNode(plan(more), plan(less))).contains(new PlanShape.Change("0", "Limit is gone"));
    }

    @Test
    void whichNodeHangsUnderWhichIsPartOfTheShape() throws MalformedPlanException {
        String flat =
                "{\"Node Type\": \"Append\", \"Plans\": [{\"Node Type\": \"Limit\"}, {\"Node Type\": \"Result\"}]}";
        String deep =
                "{\"Node Type\": \"Append\", \"Plans\": [{\"Node Type\": \"Limit\", \"Plans\": [{\"Node Type\": \"Result\"}]}]}";
        assertThat(hash(flat)).isNotEqualTo(hash(deep));
    }

    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.plan.Corpus#sample")
    void redactionLeavesTheShape(Corpus.Stored stored) throws MalformedPlanException {
        Plan plan = plan(stored.json());
        Plan safe = PlanReader.read(PlanRedaction.of(PlanReader.parse(stored.json())))
                .getFirst();
        assertThat(PlanShape.hash(safe)).isEqualTo(PlanShape.hash(plan));
        assertThat(PlanShape.changedNode(plan, safe)).isEmpty();
    }

    @Test
    void differentStatementsOfAVersionHaveDifferentShapes() throws MalformedPlanException {
        List<String> hashes = new ArrayList<>();
        for (Corpus.Stored stored : Corpus.stored()) {
            // This one differs from another in an operator alone.
            if (stored.name().startsWith("pg18/") && !stored.name().contains("serialize")) {
                hashes.add(hash(stored.json()));
            }
        }
        assertThat(hashes).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            (a = 1)                                          ¦ a
            ((o.total)::numeric(12,2) > c."It's") AND d      ¦ o.total,c."It's",d
            (lower(status) = 'x'::text)                      ¦ status
            (s.f(a, b) IS NOT NULL)                          ¦ a,b
            (x)::timestamp without time zone > y             ¦ x,y
            (x)::character varying(5)::text COLLATE "C"      ¦ x
            CASE WHEN (a = true) THEN b ELSE NULL::text END  ¦ a,b
            (NOT (ANY (id = (hashed SubPlan 1).col1)))       ¦ id
            a DESC NULLS LAST                                ¦ a,desc,nulls,last
            x::                                              ¦ x
            a.                                               ¦ a
            """)
    void findsTheColumnsOfAnExpression(String expression, String columns) {
        assertThat(String.join(",", ConditionColumns.of(expression))).isEqualTo(columns);
    }

    private static String changed(String was, String is) {
        assertThat(BEFORE).contains(was);
        return BEFORE.replace(was, is);
    }

    private static Plan plan(String json) throws MalformedPlanException {
        return PlanReader.read(json).getFirst();
    }

    private static String hash(String json) throws MalformedPlanException {
        return PlanShape.hash(plan(json));
    }
}
