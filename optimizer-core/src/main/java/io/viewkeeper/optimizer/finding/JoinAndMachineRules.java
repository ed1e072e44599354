// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;

/** How rows are brought together, and what the machine adds: joins, subplans, workers, compilation, triggers, history. */
final class JoinAndMachineRules {
    static final List<Rule> ALL = List.of(
            new CostlyNestedLoop(),
            new InnerSeqScan(),
            new LoopFromMisestimate(),
            new JoinWithoutCondition(),
            new JoinFilterWaste(),
            new OrAcrossTables(),
            new CorrelatedSubplan(),
            new NotInUnhashed(),
            new MaterialisedCte(),
            new MemoizeThrash(),
            new JitOverhead(),
            new PlanningDominates(),
            new WorkersMissing(),
            new WorkerSkew(),
            new TriggerCost(),
            new HiddenTime(),
            new NoPruning(),
            new FunctionScanGuess(),
            new FanOutThenDistinct(),
            new ForeignFilterLocal(),
            new OddSettings(),
            new PlanRegression());

    private JoinAndMachineRules() {}
}
