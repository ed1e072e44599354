package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.SqlState;
import java.util.List;
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
            assertThat(planned.redactedJson()).contains("(orders.id = ?)");
            assertThat(planned.valuesFrom()).isEqualTo(ValuesFrom.STATISTICS);
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
                .isInstanceOfSatisfying(
                        Planned.class,
                        planned -> assertThat(planned.notes()).contains("repaired: search_path extended by apart"));
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
                    assertThat(planned.notes()).contains("worst of three plans: that for the most common values");
                    assertThat(planned.plan().root().actualRows()).isEqualTo(9_900);
                });
        // Each range is one, and the widest is executed.
        assertThat(executed(explainer, "select * from skewed where id between $1 and $2")
                        .plan()
                        .root()
                        .actualRows())
                .isEqualTo(10_000);
        var generic = PlanReader.read("""
                {"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "skewed", "Alias": "s", "Filter": "((s.id >= $1) AND (s.id <= $2))"}
                """).getFirst();
        var candidates = Pools.database(pool)
                .inSession(
                        session -> new StatisticsValues(new MeteredSession(session, Await.PATIENCE, Double.MAX_VALUE))
                                .of(generic, "select 1", 2));
        assertThat(candidates)
                .hasSize(3)
                .allSatisfy(candidate -> assertThat(Integer.parseInt(
                                String.valueOf(candidate.values().getFirst())))
                        .isLessThanOrEqualTo(Integer.parseInt(
                                String.valueOf(candidate.values().getLast()))));
        assertThat(executed(explainer, "select count(note) from large").notes())
                .anyMatch(note -> note.startsWith("executed by one process"));
        pool.close();
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
