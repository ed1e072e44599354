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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which columns of which table a condition compares, and what a part of a plan reads. */
class JoinColumnsTest {
    private static PlanNode built(Plans.Node root) {
        return plan(0, root).plan().root();
    }

    private static PlanNode orders(String filter) {
        return built(node(NodeType.SEQ_SCAN).relation("public", "orders", "o").condition("filter", filter));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(o.customer_id = c.id) | customer_id",
                "(c.id = o.customer_id) | customer_id",
                "((o.code)::text = (c.code)::text) | code",
                "((o.code)::numeric = c.code) | ``",
                "(c.code = (o.code)::text) | code",
                "(c.code = (o.code)::numeric) | ``",
                "(o.code::text = c.code) | code",
                "((o.a = c.a) AND (o.b = c.b)) | a,b",
                "((o.a = c.a) AND (o.a = d.a)) | a",
                "(o.\"Customer\" = c.id) | Customer",
                "(o.\"a\"\"b\" = c.id) | a\"b",
                "(o.a > c.a) | ``",
                "(o.a = o.b) | ``",
                "(o.a = 5) | ``",
                "(lower(o.a) = c.a) | ``",
                "((o.a + 1) = c.a) | ``",
                "(c.a = (o.a + 1)) | ``",
                "(c.a = lower(o.a)) | ``",
                "(c.a = d.a) | ``",
                "(o.flag AND 5 = c.a) | ``",
                "(coalesce(o.b, o.a) = c.a) | ``",
                "(c.a = coalesce(o.a, o.b)) | ``",
                "o.a = c.a | a",
                "((o.a)) = ((c.a)) | a",
                "c.a = o.a:: | ``",
                "(a = b) | ``"
            })
    void findsTheColumnsThatAreEquatedWithOthers(String condition, String columns) {
        assertThat(String.join(",", JoinColumns.ofScan(orders(condition)))).isEqualTo(columns);
    }

    @Test
    void sketchesAnIndexOverThem() {
        assertThat(JoinColumns.indexFor(orders("((o.a = c.a) AND (o.\"B\" = c.b))")))
                .contains("create index concurrently on \"public\".\"orders\" (\"a\", \"B\")");
        assertThat(JoinColumns.indexFor(orders("(o.a > c.a)"))).isEmpty();
    }

    @Test
    void withoutANameOrAConditionThereIsNone() {
        assertThat(JoinColumns.ofScan(built(node(NodeType.RESULT).condition("filter", "(o.a = c.a)"))))
                .isEmpty();
        assertThat(JoinColumns.ofScan(built(scan(NodeType.SEQ_SCAN, "orders")))).isEmpty();
        var subquery = node(NodeType.SUBQUERY_SCAN)
                .target(new Target(null, null, "o", null, null, null, null, null, List.of()))
                .condition("filter", "(o.a = c.a)");
        assertThat(JoinColumns.indexFor(built(subquery))).isEmpty();
    }

    @Test
    void joinFilterCountsToo() {
        var join = node(NodeType.NESTED_LOOP).relation("public", "t", "t").condition("joinFilter", "(t.a = c.a)");

        assertThat(JoinColumns.ofScan(built(join))).containsExactly("a");
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
        assertThat(Inputs.relations(joined("a", "b", "c", "d"))).hasSize(3);
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
