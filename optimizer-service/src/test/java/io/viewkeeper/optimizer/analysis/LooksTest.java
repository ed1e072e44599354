// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looks driven by hand: replicas, budget, what is taken up again. */
@Tag("server")
class LooksTest {
    private static final Duration PLENTY = Duration.ofMinutes(10);
    private static final String VIEW = "shop.totals";

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.on(PostgresVersion.newest());
    }

    @BeforeEach
    void nothingIsKnown() {
        shop.forget();
    }

    @Test
    void ofTwoReplicasOneLooks() throws Exception {
        var one = Optimizer.of(shop.where(), "one", PLENTY);
        var other = Optimizer.of(shop.where(), "other", PLENTY);
        one.loop().turn();
        other.loop().turn();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 1; round <= 8; round++) {
                int before = one.looksOf(VIEW).size();
                shop.mark();
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
        var living = Optimizer.of(shop.where(), "living", PLENTY);
        living.loop().turn();
        shop.execute(Role.OPTIMIZER, """
                insert into viewkeeper.analysis_turn (instance, process_id, until) values ('dead', gen_random_uuid(), now() + interval '1 hour')
                """);
        shop.mark();
        living.loop().turn();
        assertThat(living.looksOf(VIEW)).isEmpty();
        shop.execute(Role.OPTIMIZER, "update viewkeeper.analysis_turn set until = now() - interval '1 ms'");
        living.loop().turn();
        assertThat(living.looksOf(VIEW)).hasSize(1);
    }

    @Test
    void whatIsCutOffIsTakenUpAgain() {
        shop.run(4, "select count(*) from shop.orders where id <> 7");
        shop.run(4, "select max(note) from shop.orders where id > 7");
        var optimizer = Optimizer.of(shop.where(), "one", PLENTY);
        shop.mark();
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
        var optimizer = Optimizer.of(shop.where(), "one", PLENTY);
        shop.mark();
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
        shop.execute(
                Role.OPTIMIZER,
                "update viewkeeper.view_mark set last_marked_at = clock_timestamp(), events = events + 1");
    }

    @Test
    void whatDoesNotFitIntoTheBudgetIsPlannedAndSaysSo() {
        String sql = "select count(md5(md5(md5(o.note || o.id)))) from shop.orders o where o.id > 7";
        shop.run(4, sql);
        var poor = Optimizer.of(shop.where(), "poor", PLENTY);
        shop.mark();
        poor.looks().look(poor.parts().marks().ripe(), () -> true);
        assertThat(poor.newest("shop.orders").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
        double before = totalMillis();
        shop.run(1, sql);
        // Of the window since the look, which is what an execution is expected to take.
        double mean = totalMillis() - before;
        shop.mark();
        // Right before the statement's turn enough is left for two executions: a warm-up and a measured one are
        // reckoned to take two and a half.
        poor.looks().look(poor.parts().marks().ripe(), () -> spent(PLENTY.toMillis() - 2 * mean));
        assertThat(poor.newest("shop.orders").outcome()).isEqualTo(Analysis.Outcome.PLANNED);
        assertThat(poor.newest("shop.orders").notes())
                .anyMatch(note -> note.startsWith("EXPLAIN ANALYZE was left out: it would take about"));
        // What was measured before is not hidden by that: the plan is the same, and what it costs.
        assertThat(new StatementReports(poor.database(), poor.parts())
                        .statements(Optional.empty(), true, 100, StatementReports.Order.DAY))
                .filteredOn(statement -> statement.text().contains("md5(md5(md5("))
                .extracting(StatementReports.Statement::analysis)
                .singleElement()
                .isInstanceOfSatisfying(StatementReports.AnalysisSummary.class, shown -> {
                    assertThat(shown.outcome()).isEqualTo("executed");
                    assertThat(shown.analyzedAt())
                            .isBefore(poor.newest("shop.orders").analyzedAt());
                });
        // The control: who has more executes it.
        var rich = Optimizer.of(shop.where(), "rich", PLENTY.multipliedBy(2));
        shop.run(1, sql);
        shop.mark();
        rich.looks().look(rich.parts().marks().ripe(), () -> spent(PLENTY.toMillis() - 2 * mean));
        assertThat(rich.newest("shop.orders").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
    }

    @Test
    void whatNobodyCallsIsNotExecutedAgain() {
        String sql = "select count(md5(o.note)) from shop.orders o where o.id > 7";
        shop.run(4, sql);
        var optimizer = Optimizer.of(shop.where(), "one", PLENTY);
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        assertThat(optimizer.newest("md5(o.note)").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        assertThat(optimizer.newest("md5(o.note)").outcome()).isEqualTo(Analysis.Outcome.PLANNED);
        assertThat(optimizer.newest("md5(o.note)").notes()).anyMatch(note -> note.contains("nobody has called it"));
        shop.run(1, sql);
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        assertThat(optimizer.newest("md5(o.note)").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
    }

    /** The statistics give the widest range, and the calls ask for one customer's. */
    @Test
    void anExecutionThatIsUnlikeTheCallsProvesNothing() {
        askForCustomers(7, 7);
        var optimizer = Optimizer.of(shop.where(), "one", PLENTY);
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        var analysis = optimizer.newest("md5(o.note)");
        assertThat(analysis.notes())
                .contains("worst of three plans by estimated cost: that for the widest ranges")
                .anyMatch(note -> note.startsWith("nothing is concluded from an execution that was tried"));
        assertThat(analysis.outcome()).isEqualTo(Analysis.Outcome.PLANNED);
        assertThat(analysis.valuesFrom()).isEqualTo("statistics-most-common");
        assertThat(analysis.executionMillis()).isNull();
        assertThat(analysis.plan()).doesNotContain("Actual Rows");
        // It was executed all the same: what nobody calls is not executed again.
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        assertThat(optimizer.newest("md5(o.note)").notes()).anyMatch(note -> note.contains("nobody has called it"));
        // The control: of calls that are like it.
        shop.forget();
        askForCustomers(0, 499);
        var other = Optimizer.of(shop.where(), "other", PLENTY);
        shop.mark();
        other.looks().look(other.parts().marks().ripe(), () -> true);
        assertThat(other.newest("md5(o.note)").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
    }

    private static void askForCustomers(int from, int to) {
        shop.run(
                10,
                "select count(md5(o.note)) from shop.orders o where o.customer between %d and %d".formatted(from, to));
    }

    @Test
    void whatCostsMostOfADayComesFirst() {
        shop.run(60, "select count(*) as often from shop.orders where id <> 7");
        shop.run(3, "select count(md5(md5(note))) as seldom from shop.orders where id <> 7");
        var optimizer = Optimizer.of(shop.where(), "one", PLENTY);
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
        var reports = new StatementReports(optimizer.database(), optimizer.parts());
        assertThat(reports.statements(Optional.empty(), true, 100, StatementReports.Order.DAY))
                .extracting(statement -> statement.load().millisPerDay())
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(reports.statements(Optional.empty(), true, 100, StatementReports.Order.MEAN))
                .filteredOn(statement -> statement.text().contains("shop.orders"))
                .extracting(statement -> statement.text().contains("seldom"))
                .first()
                .isEqualTo(true);
        var often = reports.statements(Optional.empty(), false, 100, StatementReports.Order.CALLS).stream()
                .filter(statement -> statement.text().contains("often"))
                .findFirst()
                .orElseThrow();
        assertThat(often.load().calls()).isEqualTo(60);
        // Of an hour at least.
        assertThat(often.load().callsPerDay()).isEqualTo(60 * 24);
        assertThat(often.load().millisPerDay()).isEqualTo(24 * often.load().totalMillis(), within(1e-6));
        assertThat(reports.load(often.statementId())).isPresent();
        assertThat(reports.findings(Optional.empty(), 100, StatementReports.Order.DAY))
                .allSatisfy(finding -> {
                    assertThat(finding.load().calls()).isPositive();
                    assertThat(finding.outcome()).isNotBlank();
                });
    }

    /** All that is spent, and for longer than a minute. */
    private static boolean spent(double millis) {
        shop.execute(Role.OPTIMIZER, """
                delete from viewkeeper.analysis_spending;
                insert into viewkeeper.analysis_spending (millis, spent_at) values (%s, now() + interval '1 hour')
                """.formatted(millis));
        return true;
    }

    @Test
    void aSpentBudgetMakesLooksWaitAndForgetsNothing() {
        var optimizer = Optimizer.of(shop.where(), "one", Duration.ofSeconds(1));
        spent(1_000);
        shop.mark();
        optimizer.loop().turn();
        assertThat(optimizer.looksOf(VIEW)).isEmpty();
        shop.execute(Role.OPTIMIZER, "update viewkeeper.analysis_spending set spent_at = now() - interval '61 s'");
        optimizer.loop().turn();
        assertThat(optimizer.looksOf(VIEW)).hasSize(1);
    }

    @Test
    void waitingIsSaidOnceAndSoIsItsEnd() {
        var optimizer = Optimizer.of(shop.where(), "one", Duration.ofSeconds(1));
        var said = new ArrayList<String>();
        var listener = new LogListener(said);
        var log = Logger.getLogger(LookLoop.class.getName());
        log.addHandler(listener);
        spent(1_000);
        shop.mark();
        for (int turn = 0; turn < 5; turn++) {
            optimizer.loop().turn();
        }
        assertThat(said).singleElement().asString().contains("looks=waiting");
        shop.execute(Role.OPTIMIZER, "delete from viewkeeper.analysis_spending");
        optimizer.loop().turn();
        optimizer.loop().turn();
        log.removeHandler(listener);
        assertThat(said).hasSize(2).last().asString().contains("looks=recovered");
    }

    private static final class LogListener extends Handler {
        private final List<String> messages;

        LogListener(List<String> messages) {
            this.messages = messages;
        }

        @Override
        public void publish(LogRecord record) {
            messages.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void whatCannotBeWrittenOfOneStatementKeepsNoOtherFromBeingLookedAt() {
        shop.run(4, "select count(*) as poison from shop.orders where id <> 7");
        shop.run(4, "select max(note) as harmless from shop.orders where id > 7");
        shop.execute(Role.SUPERUSER, """
                create function viewkeeper.refuse() returns trigger language plpgsql as $$
                  begin
                    if new.text like '%poison%' then
                      raise exception 'not in this encoding' using errcode = '22P05';
                    end if;
                    return new;
                  end $$;
                create trigger refuse before insert on viewkeeper.query_analysis for each row execute function viewkeeper.refuse();
                """);
        try {
            var optimizer = Optimizer.of(shop.where(), "one", PLENTY);
            shop.mark();
            optimizer.looks().look(optimizer.parts().marks().ripe(), () -> true);
            assertThat(optimizer.newest("harmless").outcome()).isEqualTo(Analysis.Outcome.EXECUTED);
            assertThat(optimizer.parts().marks().ripe()).isEmpty();
        } finally {
            shop.execute(Role.SUPERUSER, "drop function viewkeeper.refuse() cascade");
        }
    }

    /** As the server has measured it: what we measure has the connection in it. */
    private static double totalMillis() {
        return shop.ask("""
                select coalesce(sum(s.total_exec_time), 0)
                from pg_stat_statements s
                join pg_database d on d.oid = s.dbid
                where d.datname = current_database() and s.query like '%md5(md5(md5(%'
                """, row -> row.getDouble(1));
    }
}
