// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import org.junit.jupiter.api.Test;

class WordingTest {
    private static PlanNode built(Plans.Node node) {
        return plan(1, node).plan().root();
    }

    @Test
    void namesRelations() {
        var odd = built(node(NodeType.SEQ_SCAN).relation(null, "a\"b", "x"));

        assertThat(Wording.relation(odd)).isEqualTo("a\"b");
        assertThat(Wording.quotedRelation(odd)).isEqualTo("\"a\"\"b\"");
        assertThat(Wording.relation(built(scan(NodeType.SEQ_SCAN, "t")))).isEqualTo("public.t");
        assertThat(Wording.quotedRelation(built(scan(NodeType.SEQ_SCAN, "t")))).isEqualTo("\"public\".\"t\"");
        assertThat(Wording.relation(built(node(NodeType.SORT)))).isEqualTo("Sort");
        assertThat(Wording.quotedRelation(built(node(NodeType.SORT)))).isEqualTo("\"?\"");
    }

    @Test
    void writesSizes() {
        assertThat(Wording.size(512)).isEqualTo("1 kB");
        assertThat(Wording.size(1_023 * 1_024)).isEqualTo("1,023 kB");
        assertThat(Wording.size(1 << 20)).isEqualTo("1.0 MB");
        assertThat(Wording.size(10 << 20)).isEqualTo("10 MB");
        assertThat(Wording.size(10_239.0 * (1 << 20))).isEqualTo("10,239 MB");
        assertThat(Wording.size(10_240.0 * (1 << 20))).isEqualTo("10 GB");
    }

    @Test
    void writesNumbers() {
        assertThat(Wording.count(1_234_567.5)).isEqualTo("1,234,568");
        assertThat(Wording.percent(0.126)).isEqualTo("13 %");
        assertThat(Wording.times(9.94)).isEqualTo("9.9 times");
        assertThat(Wording.times(10)).isEqualTo("10 times");
    }

    @Test
    void readsMemorySettings() {
        var plan = plan(1, node(NodeType.RESULT));

        assertThat(Memory.workMemBytes(plan.context())).isEqualTo(4L << 20);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "16").context()))
                .isEqualTo(16_384);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "70000B").context()))
                .isEqualTo(70_000);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "64kB").context()))
                .isEqualTo(65_536);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "3MB").context()))
                .isEqualTo(3L << 20);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "2GB").context()))
                .isEqualTo(2L << 30);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "1TB").context()))
                .isEqualTo(1L << 40);
        assertThat(Memory.workMemBytes(plan.setting("work_mem", "much").context()))
                .isEqualTo(4L << 20);
        assertThat(Memory.hashMultiplier(plan.context())).isEqualTo(2);
        assertThat(Memory.hashMultiplier(
                        plan.setting("hash_mem_multiplier", "1.5").context()))
                .isEqualTo(1.5);
        assertThat(Memory.hashMultiplier(
                        plan.setting("hash_mem_multiplier", "x").context()))
                .isEqualTo(2);
        assertThat(Memory.workMem((3 << 20) + 1)).isEqualTo("4 MB");
        assertThat(Memory.workMem(3 << 20)).isEqualTo("3 MB");
    }

    @Test
    void whatIsNotAllIsNotAHundredPercent() {
        assertThat(Wording.percent(0.9998)).isEqualTo("99.98 %");
        assertThat(Wording.percent(1)).isEqualTo("100 %");
        assertThat(Wording.percent(0.004)).isEqualTo("0 %");
    }
}
