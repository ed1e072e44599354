// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementRelationsTest {
    private static final List<String> PIECES = List.of(
            "select",
            "from",
            "v",
            "s.v",
            "\"V\"",
            "(",
            ")",
            ",",
            "with",
            "recursive",
            "as",
            "join",
            "on",
            "using",
            "where",
            "x",
            "'v'",
            "$1",
            "union",
            "table",
            "only",
            "lateral",
            "delete",
            "extract",
            "copy",
            "to",
            ";",
            ".",
            "$$",
            "\"");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select * from v|v",
                "SELECT a FROM S.V|s.v",
                "select * from \"S\".\"V w\"\"x\"|S.V w\"x",
                "select * from U&\"d\\0061ta\"|data",
                "select * from db.s.v|s.v",
                "select * from only v|v",
                "select * from only (v)|v",
                "select * from v, s.w x, lateral (select * from y where y.a = x.a) z|s.w v y",
                "select * from a join b using (id) left join c on a.x = c.x and a.y in (1, 2), d|a b c d",
                "select * from (a cross join b) join (c natural join d) on true|a b c d",
                "select * from ((a join b on true))|a b",
                "select (select max(x) from v) from w where exists (select from z)|v w z",
                "with v as (select * from w) select * from v|w",
                "with v as (select * from v) select * from v|v",
                "with v as (select 1), w as (select * from v) select * from w, s.v|s.v",
                "with recursive v(n) as (select 1 union all select n + 1 from v where n < $1) select * from v|",
                "with recursive a as (select * from b), b as (select * from t) select * from a|t",
                "with a as not materialized (select 1), b as materialized (select * from t) select * from a join b on true|t",
                "with a as (select 1) search breadth first by x, y set z, b as (select * from v) select * from b|v",
                "select * from (with v as (select 1) select * from v) x, v|v",
                "with d as (delete from t using v where t.a = v.a returning *) insert into u select * from d|v",
                "insert into t (a, b) select a, b from v on conflict (a) do update set b = excluded.b|v",
                "insert into t values ($1, $2)|",
                "update t set a = v.a from v where t.b = v.b|v",
                "delete from t|",
                "delete from t using v, w where t.a = v.a|v w",
                "merge into t using v on t.a = v.a when matched then update set b = v.b when not matched then insert values (v.a)|v",
                "merge into t using (select * from v) s on t.a = s.a when matched then do nothing|v",
                "table v|v",
                "select 1 union all table v|v",
                "(select * from v) union (select * from w)|v w",
                "select extract(year from d), substring(a from $1 for $2), trim(both from b) from v|v",
                "select extract(epoch from (select max(d) from v))|v",
                "select a is distinct from b, a is not distinct from c from v|v",
                "select count(*) filter (where a > $1) over (partition by b order by c rows between 1 preceding and 1 following) from v|v",
                "select * from generate_series($1, $2) g, v, unnest(v.a) with ordinality as u(x, n)|v",
                "select * from rows from (f($1), g($2)) as t, v|v",
                "select * from v tablesample bernoulli ($1) where a in ($2, $3)|v",
                "select * from xmltable('/a' passing x columns b text path 'c', d int), v|v",
                "select timestamp with time zone $1 from v|v",
                "select a from v order by b using < limit $1|v",
                "select a from v for update of w|v",
                "select a, v from t where v.b = $1|t",
                "select 'from v' as \"from v\", $$ from v $$ from t -- from v|t",
                "select /* from v */ v($1) from t as v|t",
                "select 1; select * from v|v",
                "explain (analyze, verbose) select * from v|v",
                "declare c cursor for select * from v|v",
                "create table t as select * from v|v",
                "copy v to stdout|v",
                "copy s.v (a, b) to stdout|s.v",
                "copy (select * from v) to stdout|v",
                "copy t from stdin|",
                "refresh materialized view concurrently v|",
                "fetch 10 from v|",
                "analyze v|",
                "set search_path = v|",
                "values ($1)|",
                "|"
            })
    void findsWhatIsRead(String text, String expected) {
        assertThat(spelled(StatementRelations.of(text == null ? "" : text).read()))
                .isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "insert into s.t (a) select a from v on conflict (a) do update set a = 1|s.t",
                "update only t set a = v.a from v where t.b = v.b|t",
                "with d as (delete from t using v returning *), u as (update w set a = 1 returning *) insert into x select * from d|t w x",
                "merge into \"T\" using v on true when matched then update set b = 1 when not matched then insert values (1)|T",
                "delete from only t where a in (select update from v for update)|t",
                "select * from v for no key update of v|",
                "with t as (select 1) select * from t|"
            })
    void findsWhatIsWritten(String text, String expected) {
        assertThat(spelled(StatementRelations.of(text).written())).isEqualTo(expected == null ? "" : expected);
    }

    private static String spelled(Set<RelationReference> relations) {
        return relations.stream()
                .map(read -> read.schema() == null ? read.name() : read.schema() + "." + read.name())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    @Test
    void nonsenseIsSurvived() {
        survivesNonsense(1_000);
    }

    @Test
    @Tag("release")
    void nonsenseOfAnyKindIsSurvived() {
        survivesNonsense(20_000);
    }

    private static void survivesNonsense(int texts) {
        var random = new Random(11);
        for (int i = 0; i < texts; i++) {
            String text = random.ints(1 + random.nextInt(20), 0, PIECES.size())
                    .mapToObj(PIECES::get)
                    .collect(Collectors.joining(" "));
            assertThatCode(() -> StatementRelations.of(text)).as(text).doesNotThrowAnyException();
        }
    }

    @Test
    void deepNestingEndsWhereItIsNonsense() {
        assertThat(StatementRelations.of("select * from " + "(".repeat(300) + "select * from v" + ")".repeat(300))
                        .read())
                .containsExactly(new RelationReference(null, "v"));
        // As long as texts are read.
        assertThatCode(() -> StatementRelations.of("with a as (".repeat(9_000))).doesNotThrowAnyException();
        assertThatCode(() -> StatementRelations.of("(".repeat(100_000))).doesNotThrowAnyException();
    }

    @Test
    @Tag("release")
    void deepNestingOfALongerTextThanIsReadEndsToo() {
        assertThatCode(() -> StatementRelations.of("with a as (".repeat(100_000)))
                .doesNotThrowAnyException();
        assertThatCode(() -> StatementRelations.of("(".repeat(1_000_000))).doesNotThrowAnyException();
    }
}
