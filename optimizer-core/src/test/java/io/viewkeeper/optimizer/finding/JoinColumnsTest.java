// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which columns of which table a condition compares, and what a part of a plan reads. */
class JoinColumnsTest {
    private static PlanNode built(Plans.Node root) {
        return plan(0, root).plan().root();
    }

    @Test
    void aliasesAreTheTablesThatAConditionMentions() {
        assertThat(JoinColumns.aliases("((o.a = c.b) OR (o.c = \"D\".e))")).containsExactly("o", "c", "D");
        assertThat(JoinColumns.aliases("(a = 1.5)")).isEmpty();
    }

    @Test
    void inputsAreNamedInWords() {
        assertThat(Inputs.of(built(node(NodeType.RESULT)))).isEqualTo("a Result");
        assertThat(Inputs.of(built(scan(NodeType.SEQ_SCAN, "a")))).isEqualTo("public.a");
        assertThat(Inputs.of(joined("a", "b"))).isEqualTo("public.a and public.b");
        assertThat(Inputs.of(joined("a", "b", "c"))).isEqualTo("public.a, public.b and public.c");
        assertThat(Inputs.of(joined("a", "b", "c", "d"))).isEqualTo("public.a, public.b, public.c and others");
        assertThat(Inputs.of(joined("a", "a"))).isEqualTo("public.a");
    }

    @Test
    void functionsAndCtesHaveNamesToo() {
        var function = new Target("public", null, "f", null, null, null, "watched", null, List.of());
        var cte = new Target(null, null, "t", null, null, "totals", null, null, List.of());

        assertThat(Inputs.of(built(node(NodeType.FUNCTION_SCAN).target(function))))
                .isEqualTo("the function watched");
        assertThat(Inputs.of(built(node(NodeType.CTE_SCAN).target(cte)))).isEqualTo("the CTE totals");
    }

    @Test
    void relationsAreQuotedForStatements() {
        assertThat(Inputs.relations(joined("a", "B", "a"))).containsExactly("\"public\".\"a\"", "\"public\".\"B\"");
        assertThat(Inputs.relations(joined("a", "b", "c", "d"))).hasSize(4);
        assertThat(Inputs.relations(built(node(NodeType.RESULT)))).isEmpty();
    }

    private static PlanNode joined(String... tables) {
        var scans = new Plans.Node[tables.length];
        for (int i = 0; i < tables.length; i++) {
            scans[i] = scan(NodeType.SEQ_SCAN, tables[i]);
        }
        return built(node(NodeType.APPEND, scans));
    }
}
