// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What each layer is for: the attacks that succeed without it, and without those that would stop the same attack behind
 * it. With the layer they fail.
 */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayersTest {
    private SandboxDatabase where;
    private Connection superuser;
    private Pool pool;
    private Pool mighty;

    @BeforeAll
    void open() throws SQLException {
        where = HostileShop.on(PostgresVersion.V18);
        superuser = where.connect(Role.SUPERUSER);
        pool = Pools.pool(where, Role.OPTIMIZER);
        mighty = Pools.pool(where, Role.SUPERUSER);
    }

    @AfterAll
    void close() throws SQLException {
        superuser.close();
        pool.close();
        mighty.close();
    }

    @Test
    void oneStatementStopsWhatFollowsASemicolon() throws SQLException {
        var attack = "select 1; commit; insert into shop.diary values ('second statement')";
        assertStopped(pool, attack, EnumSet.of(Layer.ONE_STATEMENT));
        assertSucceeds(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.ONE_STATEMENT)), "shop.diary");
    }

    @Test
    void oneStatementStopsItOnTheServerTooWhereTheTextDeceivesTheLexer() throws SQLException {
        var attack = "select u&'!0027' uescape '!' /* */ ; commit; insert into shop.diary values ('x')";
        assertStopped(pool, attack, EnumSet.of(Layer.ONE_STATEMENT));
    }

    @Test
    void kindStopsWriting() throws SQLException {
        // The transaction would refuse it too: either alone is enough.
        var attack = "insert into shop.diary values ('executed')";
        assertStopped(pool, attack, EnumSet.of(Layer.KIND));
        assertStopped(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.KIND)));
        assertSucceeds(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.KIND, Layer.TRANSACTION)), "shop.diary");
    }

    @Test
    void roleStopsWhatSuperusersMayDoInReadOnlyTransactions() throws SQLException {
        // Volatile: without the check of functions it would be executed; with it, it is planned and no more.
        var attack = "select pg_reload_conf()";
        assertStopped(mighty, attack, EnumSet.of(Layer.ROLE));
        assertSucceeds(
                mighty, attack, EnumSet.complementOf(EnumSet.of(Layer.ROLE, Layer.FUNCTIONS)), "configuration loaded");
        // The role of production is refused by the server.
        assertStopped(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS)));
    }

    @Test
    void functionsStopOwnersRightsAndFalsePromises() throws SQLException {
        for (var attack : List.of(
                "select shop.owner_reloads()",
                "select * from shop.owners_view",
                "select shop.owner_in_truth()",
                "select 'ok'::shop.mood::int")) {
            assertStopped(pool, attack, EnumSet.of(Layer.FUNCTIONS));
            assertSucceeds(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS)), "configuration loaded");
        }
    }

    @Test
    void functionsStopWhatReadOnlyTransactionsAllow() throws SQLException {
        // Ends another session of the same role.
        try (var bystander = Fingerprint.bystander(where)) {
            var attack =
                    "select pg_terminate_backend(pid, 500) from pg_stat_activity where usename = current_user and application_name = 'viewkeeper-sandbox'";
            assertStopped(pool, attack, EnumSet.of(Layer.FUNCTIONS));
            assertSucceeds(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS)), "bystanders");
            assertThat(bystander.isValid((int) Await.PATIENCE.toSeconds())).isFalse();
        }
    }

    @Test
    void transactionStopsWritingAndWhatOutlivesIt() throws SQLException {
        for (var attack : List.of("select shop.writes()", "select n from shop.diarist limit 1")) {
            assertStopped(pool, attack, EnumSet.of(Layer.TRANSACTION));
            assertSucceeds(
                    pool, attack, EnumSet.complementOf(EnumSet.of(Layer.TRANSACTION, Layer.FUNCTIONS)), "shop.diary");
        }
        var lock = "select pg_advisory_lock(4711)";
        assertStopped(pool, lock, EnumSet.of(Layer.TRANSACTION));
        assertSucceeds(
                pool, lock, EnumSet.complementOf(EnumSet.of(Layer.TRANSACTION, Layer.FUNCTIONS)), "advisory locks");
    }

    @Test
    void ceilingStopsWhatIsSeenToTakeTooLong() {
        var attack = new ExplainRequest(
                "select count(*) from generate_series(1, 200000) a", List.of(), true, 60_000.0, null);
        var stopped = explainer(pool, EnumSet.of(Layer.CEILING), Pools.PATIENT).explain(attack);
        var executed = explainer(pool, EnumSet.complementOf(EnumSet.of(Layer.CEILING)), Pools.PATIENT)
                .explain(attack);
        assertThat(stopped).isInstanceOfSatisfying(Planned.class, plan -> {
            assertThat(plan.executed()).isFalse();
            assertThat(plan.notes()).anyMatch(note -> note.contains("by experience"));
        });
        assertThat(executed)
                .isInstanceOfSatisfying(
                        Planned.class, plan -> assertThat(plan.executed()).isTrue());
    }

    @Test
    void ceilingStopsWhatIsEstimatedToTakeTooLong() {
        var attack = new ExplainRequest(
                "select count(*) from shop.purchase a, shop.purchase b, shop.purchase c", List.of(), true, null, null);
        assertThat(explainer(pool, EnumSet.allOf(Layer.class), Pools.PATIENT).explain(attack))
                .isInstanceOfSatisfying(Planned.class, plan -> {
                    assertThat(plan.executed()).isFalse();
                    assertThat(plan.notes()).anyMatch(note -> note.contains("estimated"));
                });
        assertThat(explainer(
                                pool,
                                EnumSet.complementOf(EnumSet.of(Layer.CEILING)),
                                Pools.limits(Await.PATIENCE, Duration.ofMillis(300)))
                        .explain(attack))
                .isInstanceOfSatisfying(Planned.class, plan -> {
                    assertThat(plan.notes()).anyMatch(note -> note.contains("timed out"));
                    // Both executions are limited, and not the second one by what planning may take.
                    assertThat(plan.taken().millis()).isLessThan(Await.PATIENCE.toMillis() / 2.0);
                });
    }

    @Test
    void ceilingStopsWhatIsEstimatedToHoldTooMuch() {
        var patient = new ExplainLimits(
                Await.PATIENCE,
                Duration.ofMillis(300),
                Duration.ofHours(1),
                Await.PATIENCE,
                Await.PATIENCE,
                Await.PATIENCE,
                Await.PATIENCE,
                Await.PATIENCE);
        for (var attack : List.of(
                "select array_agg(repeat('x', 1000)) from generate_series(1, 10000000)",
                "select array_length(array_agg(a.note), 1) from shop.purchase a, shop.purchase b")) {
            assertThat(explainer(pool, EnumSet.allOf(Layer.class), patient)
                            .explain(new ExplainRequest(attack, List.of(), true, null, null)))
                    .isInstanceOfSatisfying(Planned.class, plan -> {
                        assertThat(plan.executed()).isFalse();
                        assertThat(plan.notes()).anyMatch(note -> note.contains("in memory"));
                    });
        }
        assertThat(explainer(pool, EnumSet.allOf(Layer.class), Pools.PATIENT)
                        .explain(new ExplainRequest(
                                "select array_agg(status order by id) from shop.purchase",
                                List.of(),
                                true,
                                null,
                                null)))
                .isInstanceOfSatisfying(
                        Planned.class, plan -> assertThat(plan.executed()).isTrue());
    }

    @Test
    void aMaterializedViewIsReadWhateverItsQueryCalls() throws SQLException {
        try (var statement = superuser.createStatement()) {
            statement.execute("""
                    create materialized view shop.dated as select clock_timestamp() as at;
                    grant select on shop.dated to viewkeeper_optimizer
                    """);
            assertThat(explainer(pool, EnumSet.allOf(Layer.class), Pools.PATIENT)
                            .explain(new ExplainRequest("select * from shop.dated", List.of(), true, null, null)))
                    .isInstanceOfSatisfying(
                            Planned.class,
                            plan -> assertThat(plan.executed())
                                    .as("%s", plan.notes())
                                    .isTrue());
            statement.execute("drop materialized view shop.dated");
        }
    }

    private static Explainer explainer(Pool pool, Set<Layer> layers, ExplainLimits limits) {
        return new Explainer(Pools.database(pool), Pools.protection(limits, layers));
    }

    /** While only these layers are active, an attack changes nothing. */
    private void assertStopped(Pool attacked, String attack, Set<Layer> layers) throws SQLException {
        var before = Fingerprint.of(where, superuser, Pools.database(attacked));
        attack(attacked, attack, layers);
        assertThat(changes(before, attacked)).as(attack).isEmpty();
        tidyUp();
    }

    /** While only these layers are active, an attack changes this: perhaps a moment later, as a session's end does. */
    private void assertSucceeds(Pool attacked, String attack, Set<Layer> layers, String what) throws SQLException {
        var before = Fingerprint.of(where, superuser, Pools.database(attacked));
        attack(attacked, attack, layers);
        Await.until(
                what + " changed by " + attack, () -> changes(before, attacked).contains(what));
        tidyUp();
    }

    private void attack(Pool attacked, String attack, Set<Layer> layers) throws SQLException {
        var told = explainer(attacked, layers, Pools.PATIENT)
                .explain(new ExplainRequest(attack, List.of(), true, null, null));
        assertThat(told).isNotNull();
        // The postmaster tells its backends of a reload before it lets anybody in.
        where.connect(Role.SUPERUSER).close();
    }

    private List<String> changes(Map<String, String> before, Pool attacked) throws SQLException {
        var changed = new ArrayList<String>();
        Fingerprint.of(where, superuser, Pools.database(attacked)).forEach((what, value) -> {
            if (!value.equals(before.get(what))) {
                changed.add(what);
            }
        });
        return changed;
    }

    /** What is left of one attack must not stand for the next one's. */
    private void tidyUp() throws SQLException {
        try (var statement = superuser.createStatement()) {
            statement.execute(
                    "select pg_terminate_backend(pid, 300000) from pg_stat_activity where application_name = 'viewkeeper-explain-test' and pid in (select pid from pg_locks where locktype = 'advisory')");
        }
    }
}
