package io.viewkeeper.optimizer.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looks driven by hand: replicas, budget, vacuum, what is taken up again, plans that change. */
@Tag("server")
class LooksTest {
    private static final Duration PLENTY = Duration.ofMinutes(10);
    private static final String VIEW = "shop.totals";

    /** Of all tests that leave the shop as it is. */
    private static SandboxDatabase where;

    @BeforeAll
    static void open() {
        where = shop(PostgresVersion.newest());
    }

    @BeforeEach
    void nothingIsKnown() {
        execute(where, Role.SUPERUSER, """
                truncate viewkeeper.view_mark, viewkeeper.look, viewkeeper.analysis_turn, viewkeeper.analysis_spending,
                  viewkeeper.query_finding, viewkeeper.query_analysis, viewkeeper.statement_window,
                  viewkeeper.statement_counter, viewkeeper.statement;
                select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0);
                """);
    }

    private static SandboxDatabase shop(PostgresVersion version) {
        return shop(version, 100_000);
    }

    private static SandboxDatabase shop(PostgresVersion version, int orders) {
        var where = PostgresServer.shared(version).migratedDatabase();
        execute(where, Role.OWNER, """
                create schema shop;
                grant usage on schema shop to viewkeeper_optimizer;
                create table shop.orders with (autovacuum_enabled = false) as select i as id, i %% 500 as customer, repeat('x', 50) as note from generate_series(1, %d) i;
                create index orders_customer on shop.orders (customer);
                create materialized view shop.totals with (autovacuum_enabled = false) as select customer, count(*) as orders, repeat(md5(customer::text), 80) as note
                  from shop.orders group by customer;
                grant select on all tables in schema shop to viewkeeper_optimizer;
                analyze shop.orders;
                """.formatted(orders));
        return where;
    }

    @Test
    void ofTwoReplicasOneLooks() throws Exception {
        var one = Optimizer.of(where, "one", PLENTY);
        var other = Optimizer.of(where, "other", PLENTY);
        one.loop().turn();
        other.loop().turn();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 1; round <= 8; round++) {
                int before = one.looksOf(VIEW).size();
                mark(where);
                var start = new CyclicBarrier(2);
                long began = System.nanoTime();
                var first = threads.submit(() -> turnAfter(start, one));
                var second = threads.submit(() -> turnAfter(start, other));
                first.get();
                second.get();
                // Who stands still for 30 s loses the turn to the other, and both look.
                int most = System.nanoTime() - began < Duration.ofSeconds(20).toNanos() ? 1 : 2;
                assertThat(one.looksOf(VIEW).size() - before).isBetween(1, most);
            }
        }
    }

    private static Void turnAfter(CyclicBarrier start, Optimizer optimizer) throws Exception {
        start.await();
        optimizer.loop().turn();
        return null;
    }

    @Test
    void aDeadReplicasTurnIsAnybodysWhenItHasRunOut() {
        var living = Optimizer.of(where, "living", PLENTY);
        living.loop().turn();
        execute(where, Role.OPTIMIZER, """
                insert into viewkeeper.analysis_turn (instance, process_id, until) values ('dead', gen_random_uuid(), now() + interval '1 hour')
                """);
        mark(where);
        living.loop().turn();
        assertThat(living.looksOf(VIEW)).isEmpty();
        execute(where, Role.OPTIMIZER, "update viewkeeper.analysis_turn set until = now() - interval '1 ms'");
        living.loop().turn();
        assertThat(living.looksOf(VIEW)).hasSize(1);
    }

    @Test
    void whatIsCutOffIsTakenUpAgain() {
        run("select count(*) from shop.orders where id <> 7");
        run("select max(note) from shop.orders where id > 7");
        var optimizer = Optimizer.of(where, "one", PLENTY);
        mark(where);
        var asked = new AtomicInteger();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> asked.incrementAndGet() <= 1);
        assertThat(optimizer.parts().marks().ripe()).hasSize(1);
        var rest = optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        // What a driver sets in each session may be slow, too.
        assertThat(rest.slowStatements()).as(rest.toString()).isGreaterThanOrEqualTo(2);
        assertThat(rest.executed()).isEqualTo(2);
        assertThat(optimizer.parts().marks().ripe()).isEmpty();
    }

    @Test
    void whatComesDuringALookIsTheNextOnes() {
        var optimizer = Optimizer.of(where, "one", PLENTY);
        mark(where);
        var seen = optimizer.parts().marks().ripe();
        markAgain();
        markAgain();
        assertThat(optimizer.looks().look(seen, () -> true).events()).isEqualTo(1);
        assertThat(optimizer.parts().marks().ripe()).singleElement().satisfies(mark -> {
            assertThat(mark.events()).isEqualTo(2);
            assertThat(mark.firstMarkedAt()).isAfter(seen.getFirst().lastMarkedAt());
        });
    }

    private void markAgain() {
        execute(
                where,
                Role.OPTIMIZER,
                "update viewkeeper.view_mark set last_marked_at = clock_timestamp(), events = events + 1");
    }

    @Test
    void whatDoesNotFitIntoTheBudgetIsPlannedAndSaysSo() {
        run("select count(md5(md5(md5(o.note || o.id)))) from shop.orders o where o.id > 7");
        double mean = meanMillis("%md5(md5(md5(%");
        var poor = Optimizer.of(where, "poor", PLENTY);
        mark(where);
        poor.looks().look(poor.parts().marks().ripe(), () -> true);
        mark(where);
        // Right before the statement's turn enough is left for two executions: a warm-up and a measured one are
        // reckoned to take two and a half.
        poor.looks().look(poor.parts().marks().ripe(), () -> spent(PLENTY.toMillis() - 2 * mean));
        assertThat(poor.newest("shop.orders").outcome()).isEqualTo(Analysis.Outcome.PLANNED);
        assertThat(poor.newest("shop.orders").notes())
                .anyMatch(note -> note.startsWith("EXPLAIN ANALYZE was left out: it would take about"));
        // The control: who has more executes it.
        var rich = Optimizer.of(where, "rich", PLENTY.multipliedBy(2));
        mark(where);
        rich.looks().look(rich.parts().marks().ripe(), () -> spent(PLENTY.toMillis() - 2 * mean));
        assertThat(rich.newest("shop.orders").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
    }

    /** All that is spent, and for longer than a minute. */
    private static boolean spent(double millis) {
        execute(where, Role.OPTIMIZER, """
                delete from viewkeeper.analysis_spending;
                insert into viewkeeper.analysis_spending (millis, spent_at) values (%s, now() + interval '1 hour')
                """.formatted(millis));
        return true;
    }

    @Test
    void aSpentBudgetMakesLooksWaitAndForgetsNothing() {
        var optimizer = Optimizer.of(where, "one", Duration.ofSeconds(1));
        spent(1_000);
        mark(where);
        optimizer.loop().turn();
        assertThat(optimizer.looksOf(VIEW)).isEmpty();
        execute(where, Role.OPTIMIZER, "update viewkeeper.analysis_spending set spent_at = now() - interval '61 s'");
        optimizer.loop().turn();
        assertThat(optimizer.looksOf(VIEW)).hasSize(1);
    }

    @Test
    void aRefreshedViewIsVacuumedWhereThatPaysAndMayBeDone() {
        var vacuumed = shop(PostgresVersion.newest());
        var optimizer = Optimizer.of(vacuumed, "one", PLENTY);
        mark(vacuumed);
        assertThat(vacuums(optimizer))
                .singleElement()
                .asString()
                .contains("skipped")
                .contains("may not vacuum it");
        execute(vacuumed, Role.SUPERUSER, "grant maintain on shop.totals to viewkeeper_optimizer");
        execute(vacuumed, Role.REFRESHER, """
                insert into viewkeeper.refresh_run (
                  run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, instance, process_id)
                values (gen_random_uuid(), 'shop', 'totals', 'shop.totals'::regclass, 'g', 'schedule', 1, now(), 'i', gen_random_uuid())
                """.replace("'shop.totals'::regclass", "1"));
        mark(vacuumed);
        assertThat(vacuums(optimizer)).singleElement().asString().contains("a refresh of it is running");
        execute(vacuumed, Role.REFRESHER, "delete from viewkeeper.refresh_run");
        mark(vacuumed);
        assertThat(vacuums(optimizer)).singleElement().asString().contains("completed");
        mark(vacuumed);
        assertThat(vacuums(optimizer)).isEmpty();
        assertThat(optimizer
                        .database()
                        .query(
                                "select status from maintenance.index_maintenance_log order by maintenance_time",
                                row -> row.getString(0)))
                .containsExactly("skipped", "skipped", "completed");
    }

    @Test
    void before17OnlyItsOwnerMayVacuumAView() {
        var old = shop(PostgresVersion.V15);
        var optimizer = Optimizer.of(old, "one", PLENTY);
        mark(old);
        assertThat(vacuums(optimizer)).singleElement().asString().contains("may not vacuum it");
        execute(old, Role.SUPERUSER, "alter materialized view shop.totals owner to viewkeeper_optimizer");
        mark(old);
        assertThat(vacuums(optimizer)).singleElement().asString().contains("completed");
    }

    @Test
    void aPlanThatChangedAndIsSlowerIsNamedWithThePlanBefore() {
        String quick = "select count(*), max(note) from shop.orders where customer = 7";
        var analyses = new AtomicReference<List<Analysis>>(List.of());
        // A plan in whose executions the server stood still is slow, whatever it is.
        Await.until("windows of a quick plan, and of a slow one after it", () -> {
            // A difference below ten milliseconds is not told: many rows, and nobody to share them with.
            var changing = shop(PostgresVersion.newest(), 400_000);
            execute(changing, Role.OWNER, "alter table shop.orders set (parallel_workers = 0)");
            var optimizer = Optimizer.of(changing, "one", PLENTY);
            windowOf(changing, optimizer, quick);
            var first = optimizer.newest("customer =");
            windowOf(changing, optimizer, quick);
            execute(changing, Role.OWNER, "drop index shop.orders_customer");
            // A window in which both plans ran counts for the one before; the next is the new one's alone.
            windowOf(changing, optimizer, quick);
            windowOf(changing, optimizer, quick);
            windowOf(changing, optimizer, quick);
            analyses.set(List.of(first, optimizer.newest("customer =")));
            return becameSlower(changing);
        });
        var before = analyses.get().getFirst();
        var after = analyses.get().getLast();
        assertThat(before.findings()).extracting(Finding::rule).doesNotContain("plan-regression");
        assertThat(after.planHash()).isNotEqualTo(before.planHash());
        assertThat(after.findings())
                .filteredOn(finding -> finding.rule().equals("plan-regression"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsKey("earlierAnalysis"));
    }

    /** As counted: five windows, of which the last two are of the second plan alone, and the first two of the first. */
    private static boolean becameSlower(SandboxDatabase where) {
        return ask(where, """
                select count(*) = 5 and min(mean) filter (where nth > 3) > 5 * max(mean) filter (where nth < 3)
                from (
                  select w.mean_ms as mean, row_number() over (order by w.until_at) as nth
                  from viewkeeper.statement_window w
                  join viewkeeper.statement s on s.statement_id = w.statement_id
                  where s.text like '%customer =%' and w.calls > 0
                ) windows
                """, row -> row.getBoolean(1));
    }

    /** Forty executions, a look, and the minute after which its window is closed. */
    private static void windowOf(SandboxDatabase where, Optimizer optimizer, String sql) {
        run(where, 40, sql);
        mark(where);
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        execute(
                where,
                Role.SUPERUSER,
                "update viewkeeper.statement_counter set seen_at = seen_at - interval '2 minutes'");
    }

    private static List<String> vacuums(Optimizer optimizer) {
        return optimizer
                .looks()
                .look(optimizer.parts().marks().ripe(), () -> true)
                .vacuums();
    }

    private static void mark(SandboxDatabase where) {
        execute(where, Role.OPTIMIZER, """
                insert into viewkeeper.view_mark (view_schema, view_name, sequence) values ('shop', 'totals', 1)
                on conflict (view_schema, view_name) do update set last_marked_at = clock_timestamp()
                """);
    }

    private static void run(String sql) {
        run(where, 4, sql);
    }

    private static void run(SandboxDatabase where, int times, String sql) {
        try (var connection = where.connect(Role.OWNER);
                var statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.execute(sql);
            }
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** As the server has measured it: what we measure has the connection in it. */
    private static double meanMillis(String pattern) {
        return ask(where, """
                select coalesce(max(s.mean_exec_time), 0)
                from pg_stat_statements s
                join pg_database d on d.oid = s.dbid
                where d.datname = current_database() and s.query like '%s'
                """.formatted(pattern), row -> row.getDouble(1));
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> T ask(SandboxDatabase where, String sql, Reading<T> reading) {
        try (var connection = where.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return reading.of(row);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static void execute(SandboxDatabase where, Role role, String sql) {
        try {
            where.execute(role, sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
