// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures that differ from one execution to the next, and forms of versions that no test has a server of. */
class TextPlanReaderTest {
    static final String ALL = """
            Finalize GroupAggregate  (cost=1.00..9.00 rows=3 width=12) (actual time=1.000..9.000 rows=3.50 loops=2)
              Output: status, count(*)
              Group Key: orders.status
              Buffers: shared hit=1 read=2 dirtied=3 written=4, local hit=5 read=6 dirtied=7 written=8, temp read=9 written=10
              I/O Timings: shared read=1.500 write=0.500, local read=0.250, temp read=0.125 write=2.000
              WAL: records=5 fpi=1 bytes=700 buffers full=2
              ->  Gather Merge  (cost=1.00..8.00 rows=6 width=12) (actual time=1.000..8.000 rows=9.00 loops=2)
                    Workers Planned: 2
                    Workers Launched: 1
                    ->  Sort  (cost=1.00..7.00 rows=3 width=12) (actual time=0.500..7.000 rows=4.50 loops=4)
                          Sort Key: orders.status COLLATE "C" DESC, (lower(orders.note))
                          Sort Method: external merge  Disk: 1608kB
                          Worker 0:  actual time=0.600..6.000 rows=4.00 loops=2
                            Sort Method: quicksort  Memory: 25kB
                            Buffers: shared hit=7
                          Worker 1:  Sort Method: top-N heapsort  Memory: 26kB
                          ->  Parallel Bitmap Heap Scan on public.orders  (cost=1.00..6.00 rows=3 width=12) (never executed)
                                Recheck Cond: (orders.id > 5)
                                Rows Removed by Index Recheck: 12
                                Heap Blocks: exact=3 lossy=4
            Query Identifier: -1234567890123456789
            Planning:
              Buffers: shared hit=21 read=1
              Memory: used=40kB  allocated=64kB
            Planning Time: 0.500 ms
            Trigger RI_ConstraintTrigger_c_1 for constraint orders_fk on orders: time=1.250 calls=7
            Trigger for constraint other_fk: time=2.500 calls=8
            Trigger audit: calls=9
            JIT:
              Functions: 12
              Options: Inlining true, Optimization false, Expressions true, Deforming true
              Timing: Generation 1.500 ms (Deform 0.500 ms), Inlining 2.000 ms, Optimization 3.000 ms, Emission 4.000 ms, Total 10.500 ms
            Serialization: time=0.750 ms  output=12kB  format=text
              Buffers: shared hit=3
            Execution Time: 20.250 ms
            """;

    private static Plan read(String text) throws MalformedPlanException {
        List<Plan> plans = PlanReader.read(text);
        assertThat(plans).hasSize(1);
        return plans.getFirst();
    }

    private static PlanNode node(String path) throws MalformedPlanException {
        return read(ALL).nodes().stream()
                .filter(node -> node.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void readsWhatIsToldOfTheWholeStatement() throws MalformedPlanException {
        Plan plan = read(ALL);
        assertThat(plan.planningMillis()).isEqualTo(0.5);
        assertThat(plan.executionMillis()).isEqualTo(20.25);
        assertThat(plan.queryId()).isEqualTo(-1234567890123456789L);
        assertThat(plan.jit()).isEqualTo(new Jit(12, 1.5, 2, 3, 4, 10.5));
        assertThat(plan.planningBuffers()).extracting(Buffers::shared).isEqualTo(new Buffers.Blocks(21, 1, 0, 0));
        assertThat(plan.triggers())
                .containsExactly(
                        new TriggerTime("RI_ConstraintTrigger_c_1", "orders_fk", "orders", 1.25, 7),
                        new TriggerTime("", "other_fk", null, 2.5, 8),
                        new TriggerTime("audit", null, null, null, 9));
        assertThat(String.valueOf(plan.other().get("Serialization")))
                .startsWith("{\"Time\":0.75,\"Output Volume\":12,\"Format\":\"text\",\"Shared Hit Blocks\":3");
    }

    @Test
    void readsBlocksAndTheirTimes() throws MalformedPlanException {
        assertThat(node("0").buffers())
                .isEqualTo(new Buffers(
                        new Buffers.Blocks(1, 2, 3, 4), new Buffers.Blocks(5, 6, 7, 8), 9, 10, 1.75, 0.5, 0.125, 2.0));
        assertThat(String.valueOf(node("0").other().get("WAL Buffers Full"))).isEqualTo("2");
        assertThat(node("0.0").buffers()).extracting(Buffers::shared).isEqualTo(new Buffers.Blocks(0, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
            I/O Timings: read=1.500 write=0.250                               ¦ 1.5 ¦ 0.25 ¦
            I/O Timings: shared/local read=1.500, temp read=0.250 write=0.125 ¦ 1.5 ¦ 0.0  ¦ 0.25
            I/O Timings: shared read=1.500, temp read=0.250                   ¦ 1.5 ¦ 0.0  ¦ 0.25
            I/O Timings: local read=1.500 write=2.000                         ¦ 1.5 ¦ 2.0  ¦
            """)
    void readsTimesOfReadingAsEachVersionTellsThem(String line, double read, double written, @Nullable Double temporary)
            throws MalformedPlanException {
        var buffers = Objects.requireNonNull(
                read("Seq Scan on t  (actual time=1..2 rows=1 loops=1)\n  Buffers: shared read=1\n  " + line)
                        .root()
                        .buffers());
        assertThat(buffers.ioReadMillis()).isEqualTo(read);
        assertThat(buffers.ioWriteMillis()).isEqualTo(written);
        assertThat(buffers.tempReadMillis()).isEqualTo(temporary);
    }

    @Test
    void readsNodesAndWorkers() throws MalformedPlanException {
        assertThat(node("0").actual()).isEqualTo(new Actual(1.0, 9.0, 3.5, 2));
        assertThat(node("0").estimate()).isEqualTo(new Estimate(1, 9, 3, 12));
        assertThat(node("0").detail())
                .isEqualTo(new Detail.Aggregate("Sorted", "Finalize", List.of("orders.status"), 0, null, null, null));
        assertThat(node("0.0").detail()).isEqualTo(new Detail.Gather(2, 1L, false));
        assertThat(node("0.0.0").detail())
                .isEqualTo(new Detail.Sort(
                        List.of("orders.status COLLATE \"C\" DESC", "(lower(orders.note))"),
                        new SortRun("external merge", 1608, "Disk")));
        assertThat(node("0.0.0").workers())
                .extracting(Worker::number, Worker::actual, Worker::sort)
                .containsExactly(
                        tuple(0, new Actual(0.6, 6.0, 4, 2), new SortRun("quicksort", 25, "Memory")),
                        tuple(1, null, new SortRun("top-N heapsort", 26, "Memory")));
        PlanNode scan = node("0.0.0.0");
        assertThat(scan.placement()).isEqualTo(new Placement("Outer", null, true, false, false));
        assertThat(scan.actual()).isEqualTo(new Actual(0.0, 0.0, 0, 0));
        assertThat(scan.detail()).isEqualTo(new Detail.BitmapHeap(3L, 4L));
        assertThat(scan.removals()).isEqualTo(new Removals(0, 12, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            Seq Scan on t                                   ¦ Seq Scan        ¦ t        ¦ t    ¦
            Async Foreign Scan on s.t "A b"                 ¦ Foreign Scan    ¦ t        ¦ A b  ¦
            Index Only Scan using "I on J" on "My ""T"     ¦ Index Only Scan ¦ My "T    ¦ My "T ¦ I on J
            Custom Scan (ChunkAppend) on s.t                ¦ Custom Scan     ¦ t        ¦ t    ¦
            Bitmap Index Scan on i                          ¦ Bitmap Index Scan ¦        ¦      ¦ i
            CTE Scan on c x                                 ¦ CTE Scan        ¦          ¦ x    ¦
            Subquery Scan on "*SELECT* 1"                   ¦ Subquery Scan   ¦          ¦ *SELECT* 1 ¦
            Insert on t                                     ¦ ModifyTable     ¦ t        ¦ t    ¦
            Foreign Update on t                             ¦ Foreign Scan    ¦ t        ¦ t    ¦
            Merge Right Anti Join                           ¦ Merge Join      ¦          ¦      ¦
            Partial HashAggregate                           ¦ Aggregate       ¦          ¦      ¦
            HashSetOp Intersect All                         ¦ SetOp           ¦          ¦      ¦
            Quantum Scan on t                               ¦ Quantum Scan    ¦ t        ¦ t    ¦
            """)
    void readsWhatANodeIsAndWorksOn(
            String head, String type, @Nullable String relation, @Nullable String alias, @Nullable String index)
            throws MalformedPlanException {
        PlanNode node = read(head + "  (cost=0.00..1.00 rows=1 width=4)").root();
        assertThat(node.typeName()).isEqualTo(type);
        assertThat(node.target().relation()).isEqualTo(relation);
        assertThat(node.target().alias()).isEqualTo(alias);
        assertThat(node.target().index()).isEqualTo(index);
    }

    @Test
    void readsWhatATerminalHasBroken() throws MalformedPlanException {
        Plan whole = read(ALL);
        for (int width : List.of(60, 72, 80, 100)) {
            String broken = ALL.lines()
                    .flatMap(line -> IntStream.iterate(0, at -> at < line.length(), at -> at + width)
                            .mapToObj(at -> line.substring(at, Math.min(line.length(), at + width))))
                    .collect(Collectors.joining("\n"));
            assertThat(read(broken)).as("width " + width).isEqualTo(whole);
        }
    }

    @Test
    void twoPlansOfARuleAreTwoPlans() throws MalformedPlanException {
        assertThat(PlanReader.read("Insert on a\n  ->  Result\n\nDelete on b\n  ->  Seq Scan on b\n"))
                .extracting(plan -> plan.nodes().size())
                .containsExactly(2, 2);
    }

    @Test
    void severalInputsOfAWriteAreMembers() throws MalformedPlanException {
        Plan plan = read(
                "Update on p\n  Update on p_1\n  Update on s.p_2 x\n  ->  Seq Scan on p_1\n  ->  Seq Scan on p_2 x\n");
        assertThat(plan.root().children())
                .extracting(child -> child.placement().parentRelationship())
                .containsExactly("Member", "Member");
        assertThat(String.valueOf(plan.root().other().get("Target Tables")))
                .isEqualTo(
                        "[{\"Relation Name\":\"p_1\",\"Alias\":\"p_1\"},{\"Relation Name\":\"p_2\",\"Schema\":\"s\",\"Alias\":\"x\"}]");
    }

    @Test
    void aLiteralOfSeveralLinesIsNoLineOfThePlan() throws MalformedPlanException {
        String plan = """
                Seq Scan on notes  (cost=0.00..1.00 rows=1 width=4)
                  Filter: ((note = 'marked
                  Diagnosis: marked

                Planning Time: 7 ms'::text) AND (id > 5))
                """;
        JsonNode json = PlanRedaction.of(PlanReader.parse(plan));
        assertThat(json.toString()).doesNotContain("marked").doesNotContain("Planning Time");
        assertThat(PlanReader.read(json).getFirst().root().conditions().filter())
                .isEqualTo("((note = ?::text) AND (id > ?))");
    }

    @Test
    void deeperPlansAndLargerOnesAreRefused() throws MalformedPlanException {
        assertThat(read(nested(489)).nodes()).hasSize(490);
        assertThatThrownBy(() -> PlanReader.read(nested(600)))
                .hasMessageMatching("line \\d+, column \\d+: the plan is too deep");
        String many = "Append\n" + "  ->  Seq Scan on t\n".repeat(50_001);
        assertThatThrownBy(() -> PlanReader.read(many)).hasMessageEndingWith("the plan has more than 50000 nodes");
    }

    private static String nested(int depth) {
        return "Limit\n"
                + IntStream.range(0, depth)
                        .mapToObj(level -> "  ".repeat(1 + level * 3) + "->  Limit\n")
                        .collect(Collectors.joining());
    }

    /** What would make patterns, or a search for an end, begin again and again. A moment, or for ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Seq Scan on t  (cost=",
                "Trigger  on  for constraint  on ",
                "Sort Method: x ",
                "  ",
                "[{",
                "{\"a\":",
                "[\"a\"],",
                "->",
                "-> x\n",
                "SubPlan 1\n\n",
                "Worker 5: ",
                "Filter: (a\n",
                "x = '' ",
                "a = 'b ",
                "''",
                "\"",
                "\"\"",
                "(",
                "Sampling: x (a) REPEATABLE (",
                "Memory: 1 ",
                "aaaa",
                "1.1.1.",
                "<Plan>",
                "<Plan><Node-Type>x</Node-Type>",
                "</td>",
                "<td",
                "&lt;",
                "- ",
                "- a:\n",
                "a: b\n",
                "Node Type: \"x\"\n",
                "duration: 1 ms  plan:\n",
                "\"duration: 1 ms  plan: \"\"",
                "LOG:  ",
                "```\n",
                "|\n",
                "+",
                "QUERY PLAN\n",
                ".\n.",
                "Trigger : calls=1",
                "\\n",
                "#011[1-2]",
                "> > ",
                "Query Text: a\n",
                "Group Key: ()\n  ",
                "\u2192 ",
                "\t",
                "Settings: a = 'b', ",
                "{\"message\": \"duration: 1 ms  plan: \"}\n"
            })
    void takesTimeInProportionToTheText(String part) {
        for (String start :
                List.of("", "Aggregate  (cost=0.00..1.00 rows=1 width=4)\n  Sort Method: ", "Sort\n  Filter: (a = '")) {
            String text = start + part.repeat(100_000 / part.length());
            long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Throwable thrown = catchThrowable(() -> PlanReader.read(text));
            assertThat(thrown == null || thrown instanceof MalformedPlanException)
                    .as(String.valueOf(thrown))
                    .isTrue();
            assertThat(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun)
                    .as(start)
                    .isLessThan(Duration.ofSeconds(3).toNanos());
        }
    }
}
