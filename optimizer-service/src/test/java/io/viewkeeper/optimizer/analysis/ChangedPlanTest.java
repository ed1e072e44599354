// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A statement whose plan becomes another one between two looks. */
@Tag("server")
class ChangedPlanTest {
    private static final Duration PLENTY = Duration.ofMinutes(10);

    @Test
    void aPlanThatChangedAndIsSlowerIsNamedWithThePlanBefore() {
        String quick = "select count(*), max(note) from shop.orders where customer = 7";
        var analyses = new AtomicReference<List<Analysis>>(List.of());
        // A plan in whose executions the server stood still is slow, whatever it is.
        Await.until("windows of a quick plan, and of a slow one after it", () -> {
            // A difference below ten milliseconds is not told: many rows, and nobody to share them with.
            var changing = Shop.on(PostgresVersion.newest(), 400_000);
            changing.execute(Role.OWNER, "alter table shop.orders set (parallel_workers = 0)");
            var optimizer = Optimizer.of(changing.where(), "one", PLENTY);
            windowOf(changing, optimizer, quick);
            var first = optimizer.newest("customer =");
            windowOf(changing, optimizer, quick);
            changing.execute(Role.OWNER, "drop index shop.orders_customer");
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

    @Test
    void aStatementThatNobodyLookedAtWhileItWasQuickIsKnownToBeSlower() {
        String sql = "select count(*), max(note) from shop.orders where customer = 7";
        // Where the server stands still, nothing is quick, and nothing becomes slow.
        Await.until("a statement that was quick, and is not", () -> {
            var changing = Shop.on(PostgresVersion.newest());
            var before = Optimizer.of(changing.where(), "before", PLENTY);
            windowOf(changing, before, sql, false);
            windowOf(changing, before, sql, false);
            changing.execute(Role.OWNER, "drop index shop.orders_customer");
            windowOf(changing, before, sql, false);
            // What was counted is in the tables: another process knows it.
            var after = Optimizer.of(changing.where(), "after", PLENTY);
            windowOf(changing, after, sql, true);
            var found = after.newest("customer =").findings().stream()
                    .filter(finding -> finding.rule().equals("plan-regression"))
                    .findFirst();
            found.ifPresent(finding -> {
                assertThat(finding.what())
                        .contains("No plan of before is kept, this is the one now", "for about as many rows");
                assertThat(finding.evidence()).containsEntry("earlierPlanKnown", false);
                assertThat((Double) finding.evidence().get("factor")).isGreaterThan(2);
            });
            return found.isPresent();
        });
    }

    /** As counted: five windows, of which the last two are of the second plan alone, and the first two of the first. */
    private static boolean becameSlower(Shop shop) {
        return shop.ask("""
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
    private static void windowOf(Shop shop, Optimizer optimizer, String sql) {
        windowOf(shop, optimizer, sql, true);
    }

    /** @param analysing or only looking at what was counted */
    private static void windowOf(Shop shop, Optimizer optimizer, String sql, boolean analysing) {
        shop.run(40, sql);
        shop.mark();
        optimizer.looks().look(optimizer.parts().marks().ripe(), () -> analysing);
        shop.execute(
                Role.SUPERUSER, "update viewkeeper.statement_counter set seen_at = seen_at - interval '2 minutes'");
    }
}
