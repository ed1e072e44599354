package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.SqlState;
import org.junit.jupiter.api.Tag;
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
        pool.close();
    }
}
