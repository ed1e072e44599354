// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The advice fits the filter, or says that none does; always as the service reads plans: without their values. */
class IndexAdviceTest {
    private static final String ON = "create index concurrently on \"public\".\"orders\" ";

    private static PlanNode scan(String filter) {
        return plan(1, node(NodeType.SEQ_SCAN).relation("public", "orders", "o").condition("filter", filter))
                .plan()
                .root();
    }

    private static IndexAdvice of(String filter) {
        return IndexAdvice.of(scan(filter));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(o.a = ?) | (\"a\")",
                "((o.a > ?) AND (o.b = ?)) | (\"b\", \"a\")",
                "(x.c = c) | (\"c\")",
                "(c = x.c) | (\"c\")",
                "((o.a = ?) AND (o.b > o.c)) | (\"a\")",
                "((o.a = ANY (?::integer[])) AND (o.b IS NULL)) | (\"a\")",
                "(ROW(o.a, o.b) > ROW(?, ?)) | (a, b)",
                "(o.gone_at IS NULL) | (\"gone_at\") where gone_at is null",
                "(o.\"Gone At\" IS NOT NULL) | (\"Gone At\") where \"Gone At\" is not null",
                "(o.open) | (\"open\") where open",
                "(NOT o.open) | (\"open\") where not open",
                "((o.a = ?) OR (o.b = ?)) | (\"a\"); create index concurrently on \"public\".\"orders\" (\"b\")",
                "((o.a = ?) OR (o.a > ?)) | (\"a\")",
                "((o.a = ?) OR (o.b IS NULL)) | (\"a\"); create index concurrently on \"public\".\"orders\" (\"b\")",
                "(((o.a = ?) AND (o.c = ?)) OR (o.b = ?)) | (\"a\", \"c\"); create index concurrently on \"public\".\"orders\" (\"b\")",
                "(o.a > o.b) | (a) where a > b",
                "(a > b) | (a) where a > b",
                "(lower((o.name)::text) = ?::text) | ((lower((name)::text)))",
                "((o.at)::date = ?::date) | (((at)::date))",
                "((o.a + o.b) > ?) | ((a + b))",
                "(o.tags @> ?::text[]) | using gin (\"tags\")",
                "(?::text[] <@ o.tags) | using gin (\"tags\")",
                "(o.doc @> ?::jsonb) | using gin (\"doc\")",
                "(o.doc ? ?::text) | using gin (\"doc\")",
                "(o.words @@ ?::tsquery) | using gin (\"words\")",
                "(o.words @@ to_tsquery(?::text)) | using gin (\"words\")",
                "(o.during && ?::tstzrange) | using gist (\"during\")",
                "(o.during @> ?::timestamp with time zone) | using gist (\"during\")",
                "(o.during @> ?::int4range) | using gist (\"during\")",
                "(o.during @> ?) | using gist (\"during\")",
                "(? <@ o.during) | using gist (\"during\")",
                "(o.path <@ ?::ltree) | using gist (\"path\")",
                "(o.doc @> $1) | using gin (\"doc\"). Of ranges a GiST index does: create index concurrently on \"public\".\"orders\" using gist (\"doc\")",
                "(?::text = ANY (o.tags)) | using gin (\"tags\")",
                "(?::text = ANY ((o.tags)::text[])) | using gin (\"tags\")",
                "(o.a = ANY (ARRAY[x.b, x.c])) | (\"a\")",
                "(NOT (o.a IS DISTINCT FROM ?)) | (\"a\")",
                "(o.a IS NOT DISTINCT FROM ?) | (\"a\")",
                "(o.name > ?::text COLLATE shop.\"Odd\") | (\"name\")",
                "((o.name COLLATE \"C\") > ?::text) | ((name collate \"C\"))",
                "(o.open IS NOT TRUE) | (\"open\") where open is not true",
                "((o.age)::integer = ?) | (\"age\")",
                "(shop.f(o.a, o.b) = ?) | ((shop.f(a, b)))",
                "((o.kind)::shop.kind = (o.other)::shop.kind) | (kind) where (kind)::shop.kind = (other)::shop.kind",
                "(o.address << ?::inet) | using gist (\"address\" inet_ops)",
                "(o.name ~~* ?::text) | using gin (\"name\" gin_trgm_ops)",
                "((o.name)::text ~ ?::text) | using gin (\"name\" gin_trgm_ops). Those that begin with ^ and text can use create index concurrently on \"public\".\"orders\" (\"name\" text_pattern_ops)",
                "(o.name ~~ ?::text) | (\"name\" text_pattern_ops)"
            })
    void namesTheIndexThatServes(String filter, String index) {
        assertThat(of(filter).advice()).contains(ON + index);
    }

    /** A prefix and a wildcard look alike without the value, so both are said. */
    @Test
    void tellsBothWaysOfPatterns() {
        assertThat(of("((o.name)::text ~~ ?::text)").advice())
                .contains("begin with text", "text_pattern_ops", "wildcard", "pg_trgm", "gin_trgm_ops");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(o.a <> ?) | No index finds rows by what they are not",
                "(o.a <> ALL (?::integer[])) | No index finds rows by what they are not",
                "(o.a !~~ ?::text) | No index finds rows by what they are not",
                "(o.a IS DISTINCT FROM ?) | No index finds rows by what they are not",
                "(NOT (hashed SubPlan 1)) | The filter asks a subquery",
                "(hashed SubPlan 1) | The filter asks a subquery",
                "(NOT (ANY (o.a = (hashed SubPlan 1).col1))) | The filter asks a subquery",
                "(o.a = (SubPlan 1)) | The filter asks a subquery",
                "((o.a = ?) OR (hashed SubPlan 1)) | An OR is served by indexes only if each of its arms is",
                "(o.a > ALL (?::integer[])) | No column of public.orders is compared here in a way that an index serves",
                "(o.ctid = ?::tid) | No column of public.orders is compared here in a way that an index serves",
                "((o.a + x.b) = ?) | A column is calculated with another table's",
                "(((o.a)::numeric * x.\"B\") = ?::numeric) | A column is calculated with another table's",
                "((o.a = $1) OR ($1 IS NULL)) | One arm of the OR asks whether a parameter is given",
                "((o.name ~~ ?::text) OR (o.b = ?)) | An OR is served by indexes only if each of its arms is",
                "((o.a = ?) OR (lower(o.b) = ?)) | An OR is served by indexes only if each of its arms is",
                "(random() < ?::double precision) | No column of public.orders is compared here in a way that an index serves",
                "(date_trunc(?::text, o.at) = ?::date) | A function, a cast or a calculation is around the column",
                "(x.a > ?) | No column of public.orders is compared here"
            })
    void saysSoWhereNoneServes(String filter, String advice) {
        assertThat(of(filter).advice()).startsWith(advice).doesNotContain(ON);
        assertThat(of(filter).ddl()).isNull();
    }

    @Test
    void tellsWhatElseThereIs() {
        assertThat(of("((o.shop = ?) AND (o.words @@ ?::tsquery))").advice())
                .contains(ON + "(\"shop\").", "If these columns alone keep many rows:", "using gin (\"words\")");
        assertThat(of("((o.shop = ?) AND (o.a <> ?))").advice()).doesNotContain("If these columns");
    }

    /** The type is not to be seen: a varchar is cast to text as an integer is. */
    @Test
    void isCautiousOfCastsToText() {
        assertThat(of("((o.code)::text = ?::text)").advice()).contains(ON + "(\"code\")", "if code is a varchar");
        assertThat(of("(o.code = ?::text)").advice()).doesNotContain("varchar");
    }

    @Test
    void seesTheSameWithValuesAndWithout() {
        assertThat(of("(o.doc ? 'k'::text)").advice())
                .isEqualTo(of("(o.doc ? ?::text)").advice());
        assertThat(of("((o.a = 5) OR (o.b = 'x'::text))").advice())
                .isEqualTo(of("((o.a = ?) OR (o.b = ?::text))").advice());
        assertThat(of("(o.name ~~ '%x'::text)").advice())
                .isEqualTo(of("(o.name ~~ ?::text)").advice());
    }

    @Test
    void saysThatOneRangeNarrows() {
        assertThat(of("((o.starts <= ?) AND (o.ends > ?))").advice())
                .contains(ON + "(\"starts\").", "Only one of the ranges narrows");
        assertThat(of("((o.a > ?) AND (o.a < ?))").advice()).doesNotContain("Only one of the ranges");
    }

    /** The index that was used holds the other range already. */
    @Test
    void putsTheRangeOfTheFilterBeforeTheOneThatTheIndexFound() {
        var found = Plans.scan(NodeType.INDEX_SCAN, "orders")
                .index("orders_at")
                .condition("indexCond", "(orders.at > ?)")
                .filter("(orders.total < ?)", 9_990)
                .actual(10, 60);
        assertThat(plan(60, found).findings(new InefficientIndex()))
                .singleElement()
                .extracting(finding -> finding.evidence().get("suggestedIndex"))
                .isEqualTo(ON + "(\"total\", \"at\")");
    }

    /** Of several values each has the order, all together have none. */
    @Test
    void leadsAnOrderWithColumnsOfOneValueOnly() {
        var order = SortColumn.of(List.of("orders.at DESC"));
        var scan = Plans.scan(NodeType.SEQ_SCAN, "orders")
                .filter("((orders.shop = ?) AND (orders.kind = ANY (?::text[])))", 9_990)
                .actual(10, 60);
        assertThat(IndexSketch.forOrder(plan(60, scan).plan().root(), order)).isEqualTo(ON + "(\"shop\", \"at\" desc)");
    }

    @Test
    void putsNothingBehindAPrimaryKey() {
        var lookedUp = Plans.scan(NodeType.INDEX_SCAN, "orders")
                .index("orders_pkey")
                .condition("indexCond", "(orders.id = ANY (?::integer[]))")
                .filter("(orders.status = ?)", 9_990)
                .actual(10, 60);

        assertThat(plan(60, lookedUp).findings(new InefficientIndex()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.advice()).startsWith("The primary key finds each of these rows");
                    assertThat(finding.evidence()).doesNotContainKey("suggestedIndex");
                });
        assertThat(plan(60, lookedUp.condition("indexCond", "(orders.shop = ?)"))
                        .findings(new InefficientIndex()))
                .as("a part of a key")
                .singleElement()
                .extracting(finding -> finding.evidence().get("suggestedIndex"))
                .isEqualTo(ON + "(\"shop\", \"status\")");
        assertThat(plan(60, lookedUp.condition("indexCond", "(orders.id > ?)")).findings(new InefficientIndex()))
                .singleElement()
                .extracting(finding -> finding.evidence().get("suggestedIndex"))
                .isEqualTo(ON + "(\"status\", \"id\")");
    }
}
