// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.SqlState;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("server")
class ExplainerTest {
    @ParameterizedTest
    @EnumSource(
            value = PostgresVersion.class,
            names = {"V15", "V18"})
    void plansATextWithParameters(PostgresVersion version) throws Exception {
        var database = PostgresServer.shared(version).migratedDatabase();
        database.execute(Role.SUPERUSER, """
                create table public.orders (id int primary key, status text, total numeric);
                insert into public.orders select i, 'open', i from generate_series(1, 1000) i;
                analyze public.orders;
                create schema apart;
                create table apart.elsewhere (id int primary key);
                grant usage on schema apart to viewkeeper_optimizer;
                grant select on apart.elsewhere to viewkeeper_optimizer;
                grant select on public.orders to viewkeeper_optimizer;
                """);
        var pool = Pools.pool(database, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));

        var explained = explainer.explain(ExplainRequest.plain("select * from orders where id = $1 and status = $2;"));
        assertThat(explained).isInstanceOfSatisfying(Planned.class, planned -> {
            assertThat(planned.relations()).containsExactly(new RelationName("public", "orders"));
            assertThat(planned.explained().json()).contains("(orders.id = ?)");
            assertThat(planned.valuesFrom()).isEqualTo(ValuesFrom.STATISTICS_MOST_COMMON);
            // Off for questions of ours alone.
            assertThat(planned.plan().settings()).doesNotContainKey("jit");
        });
        assertThat(explainer.explain(ExplainRequest.plain("selec 'secret'"))).isInstanceOf(Unexplained.class);
        assertThat(explainer.explain(ExplainRequest.plain("select 1 'secret'")))
                .isInstanceOfSatisfying(
                        Unexplained.class, none -> assertThat(none.sqlState()).isEqualTo(new SqlState("42601")));
        assertThat(explainer.explain(ExplainRequest.plain("select 1; drop table orders")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.layer()).isEqualTo(Layer.ONE_STATEMENT));
        assertThat(explainer.explain(ExplainRequest.plain("select * from nowhere where a = 'secret'")))
                .isInstanceOfSatisfying(
                        Unexplained.class, none -> assertThat(none.reason()).contains("nowhere"));
        assertThat(explainer.explain(ExplainRequest.plain("select * from elsewhere where id = $1")))
                .isInstanceOfSatisfying(Planned.class, planned -> {
                    assertThat(planned.notes()).contains("repaired: search_path extended by apart");
                    assertThat(planned.repairs()).contains(Repair.SEARCH_PATH);
                });
        assertThat(explainer.explain(ExplainRequest.plain("select " + parameters(20, "$%d is null"))))
                .isInstanceOfSatisfying(
                        Unexplained.class,
                        none -> assertThat(none.hints())
                                .containsExactly(
                                        "After 12 attempts at mending it the server still refuses it: send it with values."));
        assertThat(explainer.explain(
                        ExplainRequest.plain("select * from orders where id in (" + parameters(101, "$%d") + ")")))
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned -> assertThat(planned.notes())
                                .containsExactly(
                                        "it has 101 parameters, and values of the columns are tried for 100 at most",
                                        "this is the generic plan"));
        // Planning takes of the budget, too: what may take nothing more asks nothing more, and leaves the session
        // clean.
        assertThat(explainer.explain(new ExplainRequest("select * from orders", List.of(), false, null, null, 0.001)))
                .isInstanceOfSatisfying(
                        Unexplained.class, none -> assertThat(none.sqlState()).isEqualTo(SqlState.QUERY_CANCELED));
        assertThat(explainer.explain(ExplainRequest.plain("select * from orders")))
                .isInstanceOf(Planned.class);
        pool.close();
    }

    @Test
    void theValuesThatWereChosenAreExecuted() throws Exception {
        var where = PostgresServer.shared().migratedDatabase();
        where.execute(Role.SUPERUSER, """
                create table public.skewed (id int, status text);
                insert into public.skewed select i, case when i % 100 = 0 then 'odd' || i % 300 else 'open' end from generate_series(1, 10000) i;
                analyze public.skewed;
                create table public.large (id int, note text);
                insert into public.large select i, repeat('x', 100) from generate_series(1, 10000) i;
                alter table public.large set (parallel_workers = 2);
                analyze public.large;
                alter database "%s" set min_parallel_table_scan_size = 0;
                alter database "%s" set parallel_setup_cost = 0;
                alter database "%s" set parallel_tuple_cost = 0;
                grant select on public.skewed, public.large to viewkeeper_optimizer;
                """.replace("%s", where.name()));
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        assertThat(executed(explainer, "select * from skewed where status = $1"))
                .satisfies(planned -> {
                    assertThat(planned.notes())
                            .contains("worst of three plans by estimated cost: that for the most common values");
                    assertThat(planned.plan().root().actualRows()).isEqualTo(9_900);
                });
        // Each range is one, and the widest is executed.
        assertThat(executed(explainer, "select * from skewed where id between $1 and $2")
                        .plan()
                        .root()
                        .actualRows())
                .isEqualTo(10_000);
        assertThat(executed(explainer, "select count(note) from large").notes())
                .anyMatch(note -> note.startsWith("executed by one process"));
        pool.close();
    }

    /** Common values stand in the order of their frequency in the statistics, not in their own. */
    @Test
    void noRangeThatEndsBeforeItBeginsIsExecuted() throws Exception {
        var where = PostgresServer.shared().migratedDatabase();
        where.execute(Role.SUPERUSER, """
                create table public.graded (grade int, name text collate "C");
                insert into public.graded select case when i % 2 = 0 then 5 when i % 3 = 0 then 1 else 2 + i % 3 end, chr(case when i % 2 = 0 then 98 else 66 + i % 3 end)
                from generate_series(1, 3000) i;
                analyze public.graded;
                grant select on public.graded to viewkeeper_optimizer;
                """);
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        for (String condition : List.of(
                "grade between $1 and $2",
                "grade >= $1 and grade < $2",
                "grade < $1 and $2 <= grade",
                "name > $1 and name <= $2",
                "grade > $1",
                "$1 < grade")) {
            var planned = executed(explainer, "select * from graded where " + condition);
            assertThat(planned.plan().root().actualRows()).as(condition).isPositive();
            assertThat(planned.notes())
                    .as(condition)
                    .contains("worst of three plans by estimated cost: that for the widest ranges");
        }
        assertThat(explained(explainer, "select * from graded where grade + $1 > 3"))
                .satisfies(planned -> assertThat(planned.executed()).isFalse());
        pool.close();
    }

    @Test
    void aListThatIsCutShortIsExecutedWithSeveralValues() throws Exception {
        var where = PostgresServer.shared(PostgresVersion.V18).migratedDatabase();
        where.execute(Role.SUPERUSER, """
                create table public.listed (id int, status text);
                insert into public.listed select i, 'status ' || i % 4 from generate_series(1, 3000) i;
                analyze public.listed;
                grant select on public.listed to viewkeeper_optimizer;
                """);
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        assertThat(executed(explainer, "select * from listed where id in ($1 /*, ... */)"))
                .satisfies(planned -> {
                    assertThat(planned.plan().root().actualRows()).isEqualTo(10);
                    assertThat(planned.notes())
                            .contains("how long the list of $1 is, nobody knows: it is taken for 10 values");
                });
        // Four are all that there are.
        assertThat(executed(explainer, "select * from listed where status in ($1 /*, ... */)")
                        .plan()
                        .root())
                .satisfies(root -> {
                    assertThat(root.actualRows()).isEqualTo(3_000);
                    assertThat(root.estimatedRows()).isBetween(2_900.0, 3_000.0);
                });
        assertThat(executed(explainer, "select * from listed where status not in ($1 /*, ... */)")
                        .plan()
                        .root()
                        .actualRows())
                .isEqualTo(2_250);
        // Up to 17, all of a list are there.
        assertThat(executed(explainer, "select * from listed where id in ($1, $2, $3)")
                        .plan()
                        .root()
                        .actualRows())
                .isEqualTo(3);
        pool.close();
    }

    @Test
    void aSessionWithTooManyValuesIsToldOf() throws Exception {
        var where = PostgresServer.shared(PostgresVersion.V18).migratedDatabase();
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        try (var session = where.connect(Role.OWNER);
                var statement = session.createStatement()) {
            for (int values : List.of(499, 501)) {
                String id = "select a.query_id from pg_stat_activity a where a.query = '%s'";
                String sql = "select 1 in (%s)".formatted(String.join(",", Collections.nCopies(values, "1")));
                statement.execute(sql);
                long queryId;
                try (var other = where.connect(Role.SUPERUSER);
                        var rows = other.createStatement().executeQuery(id.formatted(sql))) {
                    rows.next();
                    queryId = rows.getLong(1);
                }
                assertThat(explainer.explain(
                                new ExplainRequest("select $1 in ($2 /*, ... */)", List.of(), false, null, queryId)))
                        .isInstanceOfSatisfying(
                                Planned.class,
                                planned -> assertThat(planned.notes())
                                        .contains(
                                                values < 500
                                                        ? "with the values that a session executes it with"
                                                        : "a session executes it with 502 values, more than the 500 that are tried"));
            }
        }
        pool.close();
    }

    @Test
    void namesMeanWhatTheyMeanToTheRole() throws Exception {
        var where = PostgresServer.shared().migratedDatabase();
        where.execute(Role.SUPERUSER, """
                create schema one;
                create schema other;
                create schema closed;
                create table one.orders (id int primary key, placed timestamp);
                create table other.orders (id int primary key, placed timestamp);
                create table closed.orders (id int primary key, placed timestamp);
                create table one.only_here (id int primary key, placed timestamp);
                do $$
                begin
                  for i in 1..11 loop
                    execute format('create schema tenant_%1$s; grant usage on schema tenant_%1$s to viewkeeper_optimizer; create table tenant_%1$s.shared (id int); create table tenant_%1$s.only_%1$s (id int);'
                      'create function tenant_%1$s.of_%1$s(int) returns int immutable language sql as ''select $1''; grant select on all tables in schema tenant_%1$s to viewkeeper_optimizer;', i);
                  end loop;
                end $$;
                create table closed.hidden (id int primary key);
                grant usage on schema one, other to viewkeeper_optimizer;
                grant select on all tables in schema one, other, closed to viewkeeper_optimizer;
                """);
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        String sql = "select * from orders where id = $1";
        assertThat(of(explainer, sql, "one", "other")).isInstanceOfSatisfying(Planned.class, planned -> {
            assertThat(planned.relations()).containsExactly(new RelationName("one", "orders"));
            assertThat(planned.notes())
                    .contains(
                            "orders is taken for that of the schema one, by the search_path of the role app; a session that sets one of its own may read that of other, closed");
        });
        assertThat(of(explainer, sql, "other", "one"))
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned ->
                                assertThat(planned.relations()).containsExactly(new RelationName("other", "orders")));
        // The server passes over what we may not use, and would plan on another table.
        assertThat(of(explainer, sql, "closed", "one")).isInstanceOfSatisfying(Unexplained.class, none -> {
            assertThat(none.reason())
                    .isEqualTo(
                            "By the search_path of the role app, orders is that of the schema closed, and we may not look into it.");
            assertThat(none.hints()).containsExactly("Grant it: grant usage on schema closed to viewkeeper_optimizer.");
        });
        assertThat(of(explainer, sql, "public"))
                .isInstanceOfSatisfying(
                        Unexplained.class,
                        none -> assertThat(none.hints())
                                .singleElement()
                                .asString()
                                .startsWith(
                                        "orders is in several schemas (closed, one, other), and in none that the role app has"));
        assertThat(of(explainer, "select * from hidden", "public"))
                .isInstanceOfSatisfying(
                        Unexplained.class,
                        none -> assertThat(none.hints())
                                .containsExactly("Grant it: grant usage on schema closed to viewkeeper_optimizer."));
        assertThat(of(explainer, "select * from one.orders where id = $1", "closed"))
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned -> assertThat(planned.notes()).noneMatch(note -> note.contains("taken for")));
        assertThat(of(explainer, "select * from shared where id = $1", "tenant_9"))
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned -> assertThat(planned.notes())
                                .contains(
                                        "shared is taken for that of the schema tenant_9, by the search_path of the role app; a session that sets one of its own may read that of tenant_1, tenant_10, tenant_11, tenant_2, tenant_3 and 5 more"));
        assertThat(of(explainer, "select * from shared where id = $1", "public"))
                .isInstanceOfSatisfying(
                        Unexplained.class,
                        none -> assertThat(none.hints())
                                .singleElement()
                                .asString()
                                .contains("(tenant_1, tenant_10, tenant_11, tenant_2, tenant_3 and 6 more)"));
        assertThat(of(explainer, "select of_1(1) from " + parameters(10, "tenant_%1$d.only_%1$d"), "public"))
                .isInstanceOf(Planned.class);
        assertThat(of(explainer, "select of_1(1) from " + parameters(11, "tenant_%1$d.only_%1$d"), "public"))
                .isInstanceOfSatisfying(
                        Unexplained.class,
                        none -> assertThat(none.hints())
                                .singleElement()
                                .asString()
                                .startsWith("A function or a type is missing, and 11 schemas may have it"));
        // What mends the types does not take back what mended the path.
        assertThat(of(
                        explainer,
                        "select $1 || $2, id from only_here where placed > timestamp $3 - interval $4 day",
                        "public"))
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned -> assertThat(planned.notes()).contains("repaired: search_path extended by one"));
        pool.close();
    }

    private static String parameters(int number, String each) {
        return IntStream.rangeClosed(1, number).mapToObj(each::formatted).collect(Collectors.joining(", "));
    }

    private static Explanation of(Explainer explainer, String text, String... schemas) {
        return explainer.explain(new ExplainRequest(
                text,
                List.of(),
                false,
                null,
                null,
                Double.POSITIVE_INFINITY,
                new AssumedPath("app", List.of(schemas))));
    }

    private static Planned explained(Explainer explainer, String text) {
        return (Planned) explainer.explain(new ExplainRequest(text, List.of(), true, null, null));
    }

    private static Planned executed(Explainer explainer, String text) {
        var explained = explainer.explain(new ExplainRequest(text, List.of(), true, null, null));
        assertThat(explained)
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned -> assertThat(planned.executed())
                                .as(planned.toString())
                                .isTrue());
        return (Planned) explained;
    }
}
