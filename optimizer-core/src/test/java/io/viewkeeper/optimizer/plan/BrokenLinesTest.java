// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that something has broken are read as they were, or refused; nothing that a plan tells is lost without a word. */
class BrokenLinesTest {
    private static final int NARROWEST = 40;
    private static final int WIDEST = 201;

    private static final String SPILLING = """
            Limit  (cost=25211.83..25212.45 rows=5 width=52) (actual time=131.401..134.905 rows=5.00 loops=1)
              Output: c.name, (sum(o.amount)), "Odd, (name".x
              Buffers: shared hit=2219 read=31, temp read=1184 written=1190
              I/O Timings: shared read=1.250, temp read=3.100 write=4.700
              ->  Finalize GroupAggregate  (cost=25211.83..26211.00 rows=8000 width=52) (actual time=131.399..134.900 rows=5.00 loops=1)
                    Output: c.name, sum(o.amount), "Odd, (name".x
                    Group Key: c.name, "Odd, (name".x
                    ->  Gather Merge  (cost=25211.83..26000.00 rows=6750 width=52) (actual time=131.380..134.870 rows=16.00 loops=1)
                          Workers Planned: 2
                          Workers Launched: 2
                          ->  Sort  (cost=24211.81..24220.25 rows=3375 width=52) (actual time=111.227..111.300 rows=1337.33 loops=3)
                                Sort Key: c.name, "Odd, (name".x DESC NULLS LAST
                                Sort Method: quicksort  Memory: 217kB
                                Worker 0:  actual time=101.109..101.190 rows=2005.00 loops=1
                                  Sort Method: external merge  Disk: 1608kB
                                  Buffers: shared hit=733
                                Worker 1:  Sort Method: quicksort  Memory: 217kB
                                ->  Partial HashAggregate  (cost=23929.00..24014.00 rows=3375 width=52) (actual time=109.000..110.420 rows=2005.00 loops=3)
                                      Group Key: c.name, "Odd, (name".x
                                      Planned Partitions: 4  Batches: 5  Memory Usage: 4145kB  Disk Usage: 7400kB
                                      ->  Parallel Hash Join  (cost=57.11..19262.00 rows=416667 width=28) (actual time=0.890..71.220 rows=333333.33 loops=3)
                                            Hash Cond: (o.customer = c.id)
                                            Join Filter: ((o.state <> ALL ('{open,"in work"}'::text[])) OR (c.name ~~ 'A%: b'::text))
                                            Rows Removed by Join Filter: 12345
                                            ->  Parallel Append  (cost=0.00..18000.00 rows=416667 width=22) (actual time=0.012..48.500 rows=333333.33 loops=3)
                                                  Subplans Removed: 3
                                                  ->  Parallel Seq Scan on app.orders_2026 o_1  (cost=0.00..8000.00 rows=208333 width=22) (actual time=0.010..20.100 rows=166666.67 loops=3)
                                                        Filter: ((o_1.at >= '2026-01-01 00:00:00+00'::timestamp with time zone) AND (o_1.amount > '5'::numeric))
                                                        Rows Removed by Filter: 4213
                                                  ->  Parallel Seq Scan on app.orders_2025 o_2  (cost=0.00..8000.00 rows=208333 width=22) (never executed)
                                                        Filter: ((o_2.at >= '2026-01-01 00:00:00+00'::timestamp with time zone) AND (o_2.amount > '5'::numeric))
                                            ->  Parallel Hash  (cost=35.00..35.00 rows=1176 width=14) (actual time=0.780..0.790 rows=668.33 loops=3)
                                                  Buckets: 4096 (originally 2048)  Batches: 1 (originally 1)  Memory Usage: 136kB
                                                  ->  Memoize  (cost=0.29..35.00 rows=1176 width=14) (actual time=0.004..0.340 rows=668.33 loops=3)
                                                        Cache Key: o.customer
                                                        Cache Mode: logical
                                                        Hits: 1990  Misses: 10  Evictions: 0  Overflows: 0  Memory Usage: 2kB
            Settings: work_mem = '64kB', search_path = '"$user", app, public', jit_above_cost = '0'
            Query Identifier: -6453901573209873213
            Planning:
              Buffers: shared hit=313
              Memory: used=40kB  allocated=64kB
            Planning Time: 13.421 ms
            Trigger RI_ConstraintTrigger_c_16433 for constraint orders_customer_fkey on orders: time=1.250 calls=7
            JIT:
              Functions: 57
              Options: Inlining false, Optimization false, Expressions true, Deforming true
              Timing: Generation 5.103 ms (Deform 2.222 ms), Inlining 0.000 ms, Optimization 2.690 ms, Emission 41.000 ms, Total 48.793 ms
            Execution Time: 139.224 ms
            """;

    private static final String LITERALS = """
            Seq Scan on app.notes n  (cost=0.00..35.50 rows=13 width=36) (actual time=0.010..1.000 rows=13 loops=1)
              Output: n.id, 'it''s'::text, n."line
              Filter: (odd)"
              Filter: ((n.body <> 'a
              ->  Seq Scan on evil  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..99999.0 rows=1 loops=1)

            Execution Time: 99999.000 ms
            Planning:
            Limit  (cost=0.00..1.00 rows=1 width=4)'::text) AND (n.other = '\\\\'' "'::text))
              Rows Removed by Filter: 2
              SubPlan 1
                ->  Result  (cost=0.00..0.01 rows=1 width=4) (never executed)
                      One-Time Filter: ('x'::text = $0)
            Planning Time: 0.100 ms
            Execution Time: 1.250 ms
            """;

    private static final Map<String, String> PLANS = Map.of(
            "spilling", SPILLING,
            "all", TextPlanReaderTest.ALL,
            "a join", PlanFramesTest.JOIN,
            "a scan", PlanFramesTest.SCAN,
            "without costs", PlanFramesTest.BARE,
            "literals", LITERALS);

    /** How lines are broken, by plan and width. */
    private static final Map<String, BiFunction<String, Integer, String>> WAYS = waysToBreak();

    private static Map<String, BiFunction<String, Integer, String>> waysToBreak() {
        var ways = new LinkedHashMap<String, BiFunction<String, Integer, String>>();
        ways.put("fold", (plan, width) -> lines(plan, line -> atColumn(line, width)));
        ways.put("fold -s", (plan, width) -> lines(plan, line -> atBlank(line, width)));
        ways.put(
                "a terminal without blanks at the end",
                (plan, width) -> lines(plan, line -> atColumn(line, width)).replaceAll("(?m) +$", ""));
        ways.put("psql, wrapped", (plan, width) -> psql(plan, width, ".", ".", ""));
        ways.put("psql, wrapped, Unicode", (plan, width) -> psql(plan, width, "\u2026", "\u2026", ""));
        ways.put("psql, wrapped, border 2", (plan, width) -> psql(plan, width, ".", ".", "|"));
        ways.put("psql, wrapped, old-ascii", (plan, width) -> psql(plan, width, " ", "", ""));
        return ways;
    }

    private static String lines(String plan, Function<String, List<String>> broken) {
        return plan.lines().flatMap(line -> broken.apply(line).stream()).collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<String> atColumn(String line, int width) {
        return line.isEmpty()
                ? List.of("")
                : IntStream.iterate(0, at -> at < line.length(), at -> at + width)
                        .mapToObj(at -> line.substring(at, Math.min(line.length(), at + width)))
                        .toList();
    }

    /** As GNU fold does. */
    private static List<String> atBlank(String line, int width) {
        var parts = new ArrayList<String>();
        String rest = line;
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width - 1);
            int end = blank < 0 ? width : blank + 1;
            parts.add(rest.substring(0, end));
            rest = rest.substring(end);
        }
        parts.add(rest);
        return parts;
    }

    private static String psql(String plan, int width, String left, String right, String border) {
        int widest = Math.min(width, plan.lines().mapToInt(String::length).max().orElse(0));
        var text = new StringBuilder(border + " QUERY PLAN" + " ".repeat(Math.max(0, widest - 9)) + border + "\n");
        text.append("-".repeat(widest + 2)).append('\n');
        for (String line : plan.lines().toList()) {
            List<String> parts = atColumn(line, width);
            for (int i = 0; i < parts.size(); i++) {
                boolean more = i < parts.size() - 1;
                text.append(border).append(i == 0 ? " " : left).append(parts.get(i));
                text.append(
                        border.isEmpty() ? "" : " ".repeat(widest - parts.get(i).length()));
                text.append(more ? right : border.isEmpty() ? "" : " ")
                        .append(border)
                        .append('\n');
            }
        }
        return text + "(" + plan.lines().count() + " rows)\n\n";
    }

    static Set<String> ways() {
        return WAYS.keySet();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void isReadAsItWasOrRefused(String way) throws MalformedPlanException {
        every(way, new Random(20_261_128).ints(5, NARROWEST, WIDEST).toArray());
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Tag("release")
    void isReadAsItWasOrRefusedAtEveryWidth(String way) throws MalformedPlanException {
        every(way, IntStream.range(NARROWEST, WIDEST).toArray());
    }

    private static void every(String way, int[] widths) throws MalformedPlanException {
        int read = 0;
        for (var plan : PLANS.entrySet()) {
            JsonNode right = PlanRedaction.of(PlanReader.parse(plan.getValue()));
            for (int width : widths) {
                String broken = Objects.requireNonNull(WAYS.get(way)).apply(plan.getValue(), width);
                try {
                    assertThat(PlanRedaction.of(PlanReader.parse(broken)))
                            .as("%s, width %d", plan.getKey(), width)
                            .isEqualTo(right);
                    read++;
                } catch (MalformedPlanException refused) {
                    assertThat(refused).hasMessageMatching("line \\d+, column 1: (?:this line|the blanks) .*");
                }
            }
        }
        assertThat(read).isGreaterThan(widths.length * PLANS.size() * 3 / 4);
    }

    @Test
    void aLiteralOfSeveralLinesIsOneValue() throws MalformedPlanException {
        List<Plan> plans = PlanReader.read(LITERALS);
        assertThat(plans).hasSize(1);
        assertThat(plans.getFirst().nodes()).extracting(PlanNode::typeName).containsExactly("Seq Scan", "Result");
        assertThat(plans.getFirst().executionMillis()).isEqualTo(1.25);
        assertThat(PlanRedaction.of(PlanReader.parse(LITERALS)).toString()).doesNotContain("evil", "99999");
    }

    /** Of other formats, and of logs, inside a value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"Plan\": {\"Node Type\": \"Evil\", \"Total Cost\": 1}}]",
                "<Plan><Node-Type>Evil</Node-Type></Plan>",
                "<br>\n- Plan:\n    Node Type: \"Evil\"\n",
                "\nLOG:  duration: 5 ms  plan:\n\tSeq Scan on evil  (cost=0.00..1.00 rows=1 width=4)\n",
                "\n```\nSeq Scan on evil  (cost=0.00..1.00 rows=1 width=4)\n```\n",
                "\nshop=# evil\n"
            })
    void aPlanInALiteralIsNone(String value) throws MalformedPlanException {
        String plan = PlanFramesTest.SCAN.replace("'open'", "'" + value + "'");
        assertThat(PlanRedaction.of(PlanReader.parse(plan)))
                .isEqualTo(PlanRedaction.of(PlanReader.parse(PlanFramesTest.SCAN)));
    }

    @Test
    void aLiteralOfTheStatementAboveIsNoPlan() throws MalformedPlanException {
        String statement = "Query Text: select * from orders -- don't\n\twhere note <> $a$\n"
                + "Seq Scan on evil  (cost=0.00..1.00 rows=1 width=4)$a$ and status = 'open\n"
                + "Limit  (cost=0.00..1.00 rows=1 width=4)'\n";
        Plan plan = PlanReader.read(statement + PlanFramesTest.SCAN).getFirst();
        assertThat(plan.root())
                .isEqualTo(PlanReader.read(PlanFramesTest.SCAN).getFirst().root());
    }

    @Test
    void tellsWhatATextNeededToBeRead() throws MalformedPlanException {
        assertThat(repairs(SPILLING)).isEmpty();
        assertThat(repairs(PlanFramesTest.SCAN.strip())).isEmpty();
        assertThat(repairs("```\n" + SPILLING + "```\n")).containsExactly(PlanRepair.FRAME);
        assertThat(repairs(PlanFramesTest.SCAN.strip().replace("\n", ""))).containsExactly(PlanRepair.ONE_LINE);
        assertThat(repairs(lines(SPILLING, line -> atColumn(line, 100)))).containsExactly(PlanRepair.BROKEN_LINES);
    }

    private static List<PlanRepair> repairs(String text) throws MalformedPlanException {
        var repairs = new ArrayList<PlanRepair>();
        assertThat(PlanReader.read(PlanReader.parse(text, repairs::add))).hasSize(1);
        return repairs;
    }
}
