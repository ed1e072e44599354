// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Actual;
import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.Jit;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.TriggerTime;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compilation, planning, workers and triggers. */
class MachineRulesTest {
    private final Rule jit = new JitOverhead();
    private final Rule planning = new PlanningDominates();
    private final Rule missing = new WorkersMissing();
    private final Rule skew = new WorkerSkew();
    private final Rule trigger = new TriggerCost();

    private static Plans.Node root() {
        return scan(NodeType.SEQ_SCAN, "orders").actual(1, 900);
    }

    private static Jit compiled(double millis) {
        return new Jit(12, 1, 20, 30, 4, millis);
    }

    @Test
    void compilationIsToldWithTheCostToGoAbove() {
        var whole = plan(1_000, root().estimate(new Estimate(0, 123_456, 1, 8))).jit(compiled(250));

        assertThat(whole.findings(jit)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("jit-overhead");
            assertThat(finding.nodePath()).isNull();
            assertThat(finding.impactMillis()).isEqualTo(250);
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.what()).isEqualTo("Compiling 12 functions just in time took 25 % of the execution.");
            assertThat(finding.advice()).contains("jit_above_cost", "this plan's cost of 123,456");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "functions", 12L,
                            "jitMillis", 250.0,
                            "optimizationMillis", 30.0,
                            "inliningMillis", 20.0,
                            "jitShare", 0.25,
                            "planCost", 123_456L));
        });
    }

    @Test
    void compilationNeedsATenth() {
        assertThat(plan(1_000, root()).jit(compiled(99.9)).findings(jit)).isEmpty();
        assertThat(plan(1_000, root()).jit(compiled(100)).findings(jit))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("planCost", 0L));
    }

    @Test
    void compilationOfManyWorkersIsCutAtTheExecution() {
        assertThat(plan(1_000, root()).jit(compiled(3_000)).findings(jit))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.impactMillis()).isEqualTo(1_000);
                    assertThat(finding.evidence())
                            .containsEntry("jitShare", 1.0)
                            .containsEntry("jitMillis", 3_000.0);
                });
    }

    @Test
    void withoutCompilationOrTimeThereIsNoOverhead() {
        assertThat(plan(1_000, root()).findings(jit)).isEmpty();
        assertThat(plan(0, root()).jit(compiled(5)).findings(jit)).isEmpty();
    }

    @Test
    void planningIsToldWithWhatItCovers() {
        assertThat(plan(5, root()).planningMillis(20).findings(planning))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("planning-dominates");
                    assertThat(finding.nodePath()).isNull();
                    assertThat(finding.impactMillis()).isEqualTo(20);
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.what()).isEqualTo("Planning took 20.0 ms, the execution 5.0 ms.");
                    assertThat(finding.advice()).contains("Prepare the statement once", "the plan has 1 of them left");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of("planningMillis", 20.0, "executionMillis", 5.0, "scans", 1L));
                });
    }

    @Test
    void planningOfTenTimesTheExecutionIsCritical() {
        assertThat(plan(2, root()).planningMillis(20).findings(planning))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.CRITICAL));
        assertThat(plan(2.1, root()).planningMillis(20).findings(planning))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
    }

    @Test
    void planningNeedsTenMillisecondsAndMoreThanTheExecution() {
        assertThat(plan(1, root()).planningMillis(9.99).findings(planning)).isEmpty();
        assertThat(plan(1, root()).planningMillis(10).findings(planning)).hasSize(1);
        assertThat(plan(10, root()).planningMillis(10).findings(planning)).isEmpty();
        assertThat(plan(9.99, root()).planningMillis(10).findings(planning)).hasSize(1);
        assertThat(plan(1, root()).findings(planning)).isEmpty();
    }

    @Test
    void planningTellsItsBlocks() {
        var plain = plan(1, root()).planningMillis(50).plan();
        var blocks = new Buffers.Blocks(0, 0, 0, 0);
        var read = new Buffers(new Buffers.Blocks(70, 30, 0, 0), blocks, 0, 0, null, null, null, null);

        assertThat(planning.check(Context.of(with(plain, 1.0, read))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("blocksToPlan", 100L));
        assertThat(planning.check(Context.of(with(plain, null, read)))).isEmpty();
    }

    private static Plan with(Plan plan, @Nullable Double executionMillis, Buffers planningBuffers) {
        return new Plan(
                plan.root(),
                plan.planningMillis(),
                executionMillis,
                planningBuffers,
                null,
                List.of(),
                Map.of(),
                null,
                null,
                Map.of());
    }

    private static Plans.Node gather(long planned, @Nullable Long launched, boolean singleCopy) {
        return node(NodeType.GATHER, scan(NodeType.SEQ_SCAN, "orders").actual(1, 700))
                .detail(new Detail.Gather(planned, launched, singleCopy))
                .actual(1, 800);
    }

    @Test
    void missingWorkersAreToldWithWhatTheyWouldSave() {
        assertThat(plan(1_000, gather(3, 1L, false)).findings(missing))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("workers-missing");
                    assertThat(finding.nodePath()).isEqualTo("0");
                    // two of four processes did not come
                    assertThat(finding.impactMillis()).isEqualTo(400);
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.what())
                            .isEqualTo("A parallel plan over public.orders was made for 3 workers and got 1.");
                    assertThat(finding.advice()).contains("max_parallel_workers");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of("inputs", "public.orders", "workersPlanned", 3L, "workersLaunched", 1L));
                });
    }

    @Test
    void workersThatCameOrWereNotAskedForAreNotMissing() {
        assertThat(plan(1_000, gather(2, 2L, false)).findings(missing)).isEmpty();
        assertThat(plan(1_000, gather(2, 3L, false)).findings(missing)).isEmpty();
        assertThat(plan(1_000, gather(2, null, false)).findings(missing)).isEmpty();
        assertThat(plan(1_000, gather(1, 0L, true)).findings(missing)).isEmpty();
        assertThat(plan(1_000, root()).findings(missing)).isEmpty();
    }

    /** A part whose processes took so many milliseconds, the leader first. */
    private static Plans.Node shared(double leader, double... workers) {
        double sum = leader;
        var part = scan(NodeType.SEQ_SCAN, "orders");
        for (int i = 0; i < workers.length; i++) {
            sum += workers[i];
            part.worker(new Worker(i, new Actual(0.0, workers[i], 1, 1), null, null, Map.of()));
        }
        int processes = workers.length + 1;
        part.actual(1, sum / processes, processes);
        return node(NodeType.GATHER, part)
                .detail(new Detail.Gather(workers.length, (long) workers.length, false))
                .actual(1, 1_000);
    }

    @Test
    void busyWorkerIsToldWithItsShare() {
        assertThat(plan(1_000, shared(60, 480, 60)).findings(skew))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("worker-skew");
                    assertThat(finding.nodePath()).isEqualTo("0.0");
                    // 600 ms among three would be 200 each
                    assertThat(finding.impactMillis()).isEqualTo(280);
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "One of 3 processes did 80 % of the parallel work over public.orders; the others waited for it.");
                    assertThat(finding.advice()).contains("join the large table first");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "inputs", "public.orders",
                                    "processes", 3L,
                                    "busiestMillis", 480.0,
                                    "leaderMillis", 60.0,
                                    "allMillis", 600.0,
                                    "busiestShare", 0.8));
                });
    }

    @Test
    void leaderMayBeTheBusyOne() {
        assertThat(plan(1_000, shared(600, 100, 100)).findings(skew))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence())
                        .containsEntry("busiestMillis", 600.0)
                        .containsEntry("leaderMillis", 600.0));
    }

    @Test
    void ofTwoProcessesOneMustDoThreeQuarters() {
        assertThat(plan(1_000, shared(74, 26)).findings(skew)).isEmpty();
        assertThat(plan(1_000, shared(75, 25)).findings(skew)).hasSize(1);
    }

    @Test
    void ofManyProcessesOneMustDoHalf() {
        assertThat(plan(1_000, shared(49, 17, 17, 17)).findings(skew)).isEmpty();
        assertThat(plan(1_000, shared(51, 17, 16, 16)).findings(skew)).hasSize(1);
        assertThat(plan(1_000, shared(0, 50, 25, 15, 10)).findings(skew)).hasSize(1);
    }

    @Test
    void withoutWorkersOfTheirOwnNobodyIsBusier() {
        assertThat(plan(1_000, gather(2, 2L, false)).findings(skew)).isEmpty();
        assertThat(plan(1_000, shared(0, 0, 0)).findings(skew)).isEmpty();
        var untold = scan(NodeType.SEQ_SCAN, "orders").worker(new Worker(0, null, null, null, Map.of()));
        assertThat(plan(
                                1_000,
                                node(NodeType.GATHER, untold.actual(1, 10, 2))
                                        .detail(new Detail.Gather(1, 1L, false))
                                        .actual(1, 20))
                        .findings(skew))
                .isEmpty();
        var planned = scan(NodeType.SEQ_SCAN, "orders");
        assertThat(plan(1_000, node(NodeType.GATHER, planned).detail(new Detail.Gather(1, null, false)))
                        .findings(skew))
                .isEmpty();
    }

    private static TriggerTime fired(String name, @Nullable String constraint, @Nullable Double millis, double calls) {
        return new TriggerTime(name, constraint, "customers", millis, calls);
    }

    @Test
    void foreignKeyIsToldByItsConstraint() {
        var whole = plan(1_000, root()).trigger(fired("RI_ConstraintTrigger_a_16390", "orders_fkey", 400.0, 100));

        assertThat(whole.findings(trigger)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("trigger-time");
            assertThat(finding.nodePath()).isNull();
            assertThat(finding.impactMillis()).isEqualTo(400);
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.what()).isEqualTo("The constraint orders_fkey took 400 ms in 100 calls.");
            assertThat(finding.advice()).contains("index its referencing columns (those of constraint orders_fkey)");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "constraint",
                            "orders_fkey",
                            "relation",
                            "customers",
                            "calls",
                            100L,
                            "millis",
                            400.0,
                            "millisEach",
                            4.0));
        });
    }

    @Test
    void eachSideOfAForeignKeyAndOtherTriggersGetTheirAdvice() {
        var whole = plan(1_000, root())
                .trigger(fired("RI_ConstraintTrigger_c_16391", "orders_fkey", 10.0, 1))
                .trigger(fired("audit", null, 20.0, 0));

        assertThat(whole.findings(trigger))
                .extracting(Finding::advice)
                .satisfiesExactly(
                        advice -> assertThat(advice).startsWith("Each row that comes is looked for"),
                        advice -> assertThat(advice).startsWith("Make its function cheaper"));
        assertThat(whole.findings(trigger).getLast()).satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("The trigger audit took 20 ms in 0 calls.");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "trigger",
                            "audit",
                            "relation",
                            "customers",
                            "calls",
                            0L,
                            "millis",
                            20.0,
                            "millisEach",
                            20.0));
        });
    }

    @Test
    void quickOrUntimedTriggersAreFine() {
        assertThat(plan(1_000, root()).trigger(fired("audit", null, 9.99, 1)).findings(trigger))
                .isEmpty();
        assertThat(plan(1_000, root()).trigger(fired("audit", null, null, 1)).findings(trigger))
                .isEmpty();
    }
}
