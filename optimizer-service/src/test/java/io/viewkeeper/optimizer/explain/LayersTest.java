package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
        assertThat(changes(pool, attack, EnumSet.of(Layer.ONE_STATEMENT))).isEmpty();
        assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.ONE_STATEMENT))))
                .contains("shop.diary");
    }

    @Test
    void oneStatementStopsItOnTheServerTooWhereTheTextDeceivesTheLexer() throws SQLException {
        var attack = "select u&'!0027' uescape '!' /* */ ; commit; insert into shop.diary values ('x')";
        assertThat(changes(pool, attack, EnumSet.of(Layer.ONE_STATEMENT))).isEmpty();
    }

    @Test
    void kindStopsWriting() throws SQLException {
        // The transaction would refuse it too: either alone is enough.
        var attack = "insert into shop.diary values ('executed')";
        assertThat(changes(pool, attack, EnumSet.of(Layer.KIND))).isEmpty();
        assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.KIND))))
                .isEmpty();
        assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.KIND, Layer.TRANSACTION))))
                .contains("shop.diary");
    }

    @Test
    void roleStopsWhatSuperusersMayDoInReadOnlyTransactions() throws SQLException {
        // Volatile: without the check of functions it would be executed; with it, it is planned and no more.
        var attack = "select pg_reload_conf()";
        assertThat(changes(mighty, attack, EnumSet.of(Layer.ROLE))).isEmpty();
        assertThat(changes(mighty, attack, EnumSet.complementOf(EnumSet.of(Layer.ROLE, Layer.FUNCTIONS))))
                .contains("configuration loaded");
        // The role of production is refused by the server.
        assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS))))
                .isEmpty();
    }

    @Test
    void functionsStopOwnersRightsAndFalsePromises() throws SQLException {
        for (var attack : List.of(
                "select shop.owner_reloads()",
                "select * from shop.owners_view",
                "select shop.owner_in_truth()",
                "select 'ok'::shop.mood::int")) {
            assertThat(changes(pool, attack, EnumSet.of(Layer.FUNCTIONS)))
                    .as(attack)
                    .isEmpty();
            assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS))))
                    .as(attack)
                    .contains("configuration loaded");
        }
    }

    @Test
    void functionsStopWhatReadOnlyTransactionsAllow() throws SQLException {
        // Ends another session of the same role.
        try (var bystander = Fingerprint.bystander(where)) {
            var attack =
                    "select pg_terminate_backend(pid, 500) from pg_stat_activity where usename = current_user and application_name = 'viewkeeper-sandbox'";
            assertThat(changes(pool, attack, EnumSet.of(Layer.FUNCTIONS))).isEmpty();
            assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS))))
                    .contains("bystanders");
            assertThat(bystander.isValid(5)).isFalse();
        }
    }

    @Test
    void transactionStopsWritingAndWhatOutlivesIt() throws SQLException {
        for (var attack : List.of("select shop.writes()", "select n from shop.diarist limit 1")) {
            assertThat(changes(pool, attack, EnumSet.of(Layer.TRANSACTION)))
                    .as(attack)
                    .isEmpty();
            assertThat(changes(pool, attack, EnumSet.complementOf(EnumSet.of(Layer.TRANSACTION, Layer.FUNCTIONS))))
                    .as(attack)
                    .contains("shop.diary");
        }
        var lock = "select pg_advisory_lock(4711)";
        assertThat(changes(pool, lock, EnumSet.of(Layer.TRANSACTION))).isEmpty();
        assertThat(changes(pool, lock, EnumSet.complementOf(EnumSet.of(Layer.TRANSACTION, Layer.FUNCTIONS))))
                .contains("advisory locks");
    }

    @Test
    void ceilingStopsWhatIsSeenToTakeTooLong() {
        var attack = new ExplainRequest(
                "select count(*) from generate_series(1, 2000000) a", List.of(), true, 60_000.0, null);
        var stopped = explainer(pool, EnumSet.of(Layer.CEILING)).explain(attack);
        var executed =
                explainer(pool, EnumSet.complementOf(EnumSet.of(Layer.CEILING))).explain(attack);
        assertThat(stopped).isInstanceOfSatisfying(Planned.class, plan -> {
            assertThat(plan.executed()).isFalse();
            assertThat(plan.notes()).anyMatch(note -> note.contains("by experience"));
        });
        assertThat(executed)
                .isInstanceOfSatisfying(
                        Planned.class,
                        plan -> assertThat(plan.notes().toString() + plan.executed())
                                .satisfiesAnyOf(
                                        told -> assertThat(told).contains("true"),
                                        told -> assertThat(told).contains("timed out")));
    }

    @Test
    void ceilingStopsWhatIsEstimatedToTakeTooLong() {
        var attack = new ExplainRequest(
                "select count(*) from shop.purchase a, shop.purchase b, shop.purchase c", List.of(), true, null, null);
        assertThat(explainer(pool, EnumSet.allOf(Layer.class)).explain(attack))
                .isInstanceOfSatisfying(Planned.class, plan -> {
                    assertThat(plan.executed()).isFalse();
                    assertThat(plan.notes()).anyMatch(note -> note.contains("estimated"));
                });
        assertThat(explainer(pool, EnumSet.complementOf(EnumSet.of(Layer.CEILING)))
                        .explain(attack))
                .isInstanceOfSatisfying(
                        Planned.class, plan -> assertThat(plan.notes()).anyMatch(note -> note.contains("timed out")));
    }

    private static Explainer explainer(Pool pool, Set<Layer> layers) {
        return new Explainer(Pools.database(pool), HostileStatementsTest.LIMITS, layers);
    }

    /** What an attack changes while only these layers are active. */
    private List<String> changes(Pool attacked, String attack, Set<Layer> layers) throws SQLException {
        Database database = Pools.database(attacked);
        var before = Fingerprint.of(where, superuser, database);
        var told = explainer(attacked, layers).explain(new ExplainRequest(attack, List.of(), true, null, null));
        assertThat(told).isNotNull();
        var after = Fingerprint.of(where, superuser, database);
        var changed = new ArrayList<String>();
        after.forEach((what, value) -> {
            if (!value.equals(before.get(what))) {
                changed.add(what);
            }
        });
        // What is left of it must not stand for the next one's.
        try (var statement = superuser.createStatement()) {
            statement.execute(
                    "select pg_terminate_backend(pid, 30000) from pg_stat_activity where application_name = 'viewkeeper-explain-test' and pid in (select pid from pg_locks where locktype = 'advisory')");
        }
        return changed;
    }
}
