// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.Jit;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that were not executed: what estimates tell is said, marked so, and never as time. */
class EstimatedPlansTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What EXPLAIN does not tell without ANALYZE. */
    private static final List<String> MEASURED = List.of(
            "Execution Time",
            "Triggers",
            "Workers",
            "Workers Launched",
            "Heap Fetches",
            "Index Searches",
            "Sort Method",
            "Sort Space Used",
            "Sort Space Type",
            "Peak Memory Usage",
            "HashAgg Batches",
            "Disk Usage",
            "Storage",
            "Maximum Storage",
            "Timing");

    private static Context unexecuted(String rule, String side) throws Exception {
        var json = JSON.readTree(Fixture.of(rule).read(side + ".json"));
        strip(json);
        return Context.of(PlanReader.read(json).getFirst());
    }

    private static void strip(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove(MEASURED);
            var names = object.fieldNames();
            while (names.hasNext()) {
                String name = names.next();
                if (name.startsWith("Actual ")
                        || name.startsWith("Rows Removed")
                        || name.startsWith("Cache ")
                        || name.startsWith("Hash B")
                        || name.startsWith("Original Hash")
                        || name.endsWith("Groups")
                        || name.endsWith("Blocks")) {
                    names.remove();
                }
            }
        }
        json.forEach(EstimatedPlansTest::strip);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "avoidable-sort",
                "correlated-subplan",
                "fan-out-then-distinct",
                "hash-aggregate-spill",
                "hash-batches",
                "inefficient-index",
                "inner-seq-scan",
                "join-without-condition",
                "large-offset",
                "late-limit",
                "materialised-cte",
                "not-in-unhashed",
                "or-across-tables",
                "seq-scan-filters-most",
                "sort-spill",
                "top-n-over-many",
                "wide-rows",
                "wrong-index-for-order"
            })
    void areSeenThroughByTheirEstimates(String rule) throws Exception {
        assertThat(Findings.of(unexecuted(rule, "positive")))
                .filteredOn(finding -> finding.rule().equals(rule))
                .singleElement()
                .satisfies(EstimatedPlansTest::isMarked);
        assertThat(Findings.of(unexecuted(rule, "negative")))
                .extracting(Finding::rule)
                .doesNotContain(rule);
    }

    private static void isMarked(Finding finding) {
        assertThat(finding.impactMillis()).isNull();
        assertThat(finding.evidence())
                .containsEntry("basis", "estimated")
                .containsKeys("costShare", "cost")
                .doesNotContainKey("millisEach");
        assertThat(finding.what())
                .containsAnyOf("By the planner's estimate", "by the planner's estimate", "the planner hopes");
    }

    /** Whatever is said of any of them. */
    @Test
    void neverClaimATime() throws Exception {
        for (String rule : Fixture.all()) {
            for (var one : Findings.of(unexecuted(rule, "positive"))) {
                assertThat(one.impactMillis()).as(rule + ": " + one.what()).isNull();
                assertThat(one.what()).as(rule).doesNotContain(" ms", " took ", " were read from end");
            }
        }
    }

    @Test
    void areNotWorthAWordIfTheyAreCheap() {
        assertThat(Findings.of(scanned(999).context())).isEmpty();
        assertThat(Findings.of(scanned(6_000).context()))
                .extracting(Finding::rule)
                .containsExactly("seq-scan-filters-most");
    }

    private static Plans.Whole scanned(double cost) {
        return plan(
                        0,
                        scan(NodeType.SEQ_SCAN, "orders")
                                .estimate(new Estimate(0, cost, 3, 50))
                                .condition("filter", "(orders.a = ?)"))
                .table("orders", 1 << 30, 10_000_000);
    }

    @Test
    void knowATableByItsCostWhereNobodyCountedIt() {
        var few = scan(NodeType.SEQ_SCAN, "orders")
                .estimate(new Estimate(0, 12_000, 3, 50))
                .condition("filter", "(orders.a = ?)");
        assertThat(plan(0, few).findings(new SeqScanFiltersMost())).hasSize(1);
        var many = scan(NodeType.SEQ_SCAN, "orders")
                .estimate(new Estimate(0, 12_000, 100_000, 50))
                .condition("filter", "(orders.a = ?)");
        assertThat(plan(0, many).findings(new SeqScanFiltersMost())).isEmpty();
    }

    /** An inner side that is looked up, or makes its rows of the outer one's, pairs nothing. */
    @Test
    void pairOnlyWhatIsIndependent() {
        var rule = new JoinWithoutCondition();
        assertThat(plan(0, paired(scan(NodeType.SEQ_SCAN, "b").estimated(1_000)))
                        .findings(rule))
                .hasSize(1);
        assertThat(plan(
                                0,
                                paired(scan(NodeType.INDEX_SCAN, "b")
                                        .condition("indexCond", "(b.id = a.id)")
                                        .estimated(1_000)))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(0, paired(node(NodeType.FUNCTION_SCAN).estimated(1_000)))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(0, paired(scan(NodeType.SEQ_SCAN, "b").estimated(1))).findings(rule))
                .isEmpty();
        assertThat(plan(0, paired(scan(NodeType.SEQ_SCAN, "b").estimated(99))).findings(rule))
                .isEmpty();
    }

    private static Plans.Node paired(Plans.Node inner) {
        return node(NodeType.NESTED_LOOP, scan(NodeType.SEQ_SCAN, "a").estimated(1_000), inner)
                .estimated(1_000_000)
                .detail(new Detail.Join("Inner", false));
    }

    @Test
    void areCompiledForNothingWhereTheyHaveManyFunctions() {
        var rule = new JitOverhead();
        assertThat(compiled(200_000, 150).findings(rule)).isEmpty();
        assertThat(compiled(200_000, 250).findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.impactMillis()).isNull();
            assertThat(finding.advice()).contains("this plan's cost of 200,000");
        });
    }

    /** The cost is what somebody's switch made it, and no limit for it. */
    @Test
    void areCompiledBecauseSomebodySwitchedTheirNodesOff() {
        assertThat(compiled(1e10 + 120, 12).findings(new JitOverhead()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.advice())
                            .contains("switched off", "reset these settings")
                            .doesNotContain("jit_above_cost");
                    assertThat(finding.evidence()).containsEntry("planCost", 120L);
                });
    }

    private static Plans.Whole compiled(double cost, long functions) {
        double startup = cost >= 1e10 ? 1e10 : 0;
        return plan(0, scan(NodeType.SEQ_SCAN, "orders").estimate(new Estimate(startup, cost, 3, 50)))
                .jit(new Jit(functions, 0, 0, 0, 0, 0));
    }
}
