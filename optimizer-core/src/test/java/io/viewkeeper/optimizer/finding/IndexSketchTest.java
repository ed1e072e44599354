// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexSketchTest {
    private static PlanNode scan(String filter) {
        return plan(1, node(NodeType.SEQ_SCAN).relation("sales", "Orders", "o").condition("filter", filter))
                .plan()
                .root();
    }

    @Test
    void putsEqualitiesBeforeOneRange() {
        assertThat(IndexSketch.forConditions(scan("((o.a > 1) AND (o.b = 2) AND (o.c < 3) AND (o.d = 4))")))
                .isEqualTo("create index concurrently on \"sales\".\"Orders\" (\"b\", \"d\", \"a\")");
    }

    @Test
    void prefersEqualityWhereAColumnIsComparedTwice() {
        var scan = plan(
                        1,
                        node(NodeType.INDEX_SCAN)
                                .relation(null, "orders", "o")
                                .condition("indexCond", "(o.a > 1)")
                                .condition("recheckCond", "(o.b = 1)")
                                .condition("filter", "((o.a = 2) AND (o.c = 3))"))
                .plan()
                .root();

        assertThat(IndexSketch.forConditions(scan))
                .isEqualTo("create index concurrently on \"orders\" (\"b\", \"a\", \"c\")");
        assertThat(IndexSketch.comparedColumns(scan)).containsExactly("b", "a", "c");
    }

    @Test
    void putsTheOrderAfterEqualitiesAndLeavesRangesOut() {
        var order = SortColumn.of(List.of("o.placed_at DESC", "o.b", "o.id NULLS FIRST"));

        assertThat(IndexSketch.forOrder(scan("((o.a > 1) AND (o.b = 2))"), order))
                .isEqualTo(
                        "create index concurrently on \"sales\".\"Orders\" (\"b\", \"placed_at\" desc, \"id\" nulls first)");
    }

    @Test
    void knowsNoneWithoutAColumnOrARelation() {
        assertThat(IndexSketch.forConditions(scan("(lower(o.a) = 'x')"))).isNull();
        var none = plan(1, node(NodeType.FUNCTION_SCAN).condition("filter", "(a = 1)"))
                .plan()
                .root();
        assertThat(IndexSketch.forConditions(none)).isNull();
    }

    @Test
    void readsSortKeys() {
        assertThat(SortColumn.of(List.of("o.a", "b DESC NULLS LAST", "(o.c)::text")))
                .containsExactly(
                        new SortColumn(new ColumnReference("o", "a"), ""),
                        new SortColumn(new ColumnReference(null, "b"), " desc nulls last"),
                        new SortColumn(new ColumnReference("o", "c"), ""));
        assertThat(SortColumn.of(List.of("o.a", "(o.b + 1)"))).isEmpty();
        assertThat(SortColumn.of(List.of("o.a COLLATE \"C\""))).isEmpty();
        assertThat(SortColumn.of(List.of())).isEmpty();
    }
}
