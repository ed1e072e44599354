// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Gate;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Role;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Views that change while they are refreshed. */
@Tag("server")
class ChangingViewsTest {
    private static final String SUCCESSOR =
            "create materialized view w.slow as select 2 as k; create unique index on w.slow (k)";

    private final Workshop workshop = new Workshop();
    private final Gate gate = Gate.in(workshop, "gate");
    private final Replica replica =
            new Replica(workshop.database(), new Settings().group("g", "w.*").with("groups.g.lock-timeout", "1h"));

    @BeforeEach
    void createView() {
        workshop.view("slow", "select 1 as k, " + gate.call() + " as s").view("calm", "select 1 as k");
        replica.turn();
        replica.advance(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        replica.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop materialized view w.slow | calm | w.slow",
                "alter materialized view w.slow rename to renamed | calm,renamed | w.slow",
                "alter materialized view w.slow rename to renamed; SUCCESSOR | calm,renamed,slow |",
                "drop materialized view w.slow; SUCCESSOR | calm,slow |",
                "drop index w.slow_k_idx | calm,slow |",
                "alter materialized view w.slow rename column s to t | calm,slow |"
            })
    void nothingStaysStuckAndTombstonesAreRight(String change, String views, String tombstone) throws Exception {
        gate.close();
        replica.begin();
        workshop.awaitRefreshOf("slow");
        // It waits for the refresh, and takes effect right after.
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var changed = CompletableFuture.runAsync(
                    () -> workshop.asRefresher(change.replace("SUCCESSOR", SUCCESSOR)), executor);
            workshop.awaitWaitForALock();
            gate.open();
            replica.end();
            changed.get();
        }
        for (int hour = 0; hour < 2; hour++) {
            replica.turn();
            replica.advance(Duration.ofHours(1));
        }
        assertThat(workshop.strings("select view_name from viewkeeper.refresh_run"))
                .isEmpty();
        assertThat(workshop.strings("select view_name from viewkeeper.view_state where dropped_at is null order by 1"))
                .containsExactly(views.split(","));
        assertThat(workshop.strings("""
                select distinct on (aggregateid) aggregateid
                from (
                  select distinct on (aggregateid) aggregateid, payload
                  from viewkeeper.event_outbox
                  where aggregatetype = 'view-state'
                  order by aggregateid, position desc
                ) last
                where payload is null
                """))
                .as("views whose last record is a tombstone")
                .isEqualTo(tombstone == null ? List.of() : List.of(tombstone));
        assertThat(workshop.strings("select view_name from viewkeeper.view_state"
                        + " where dropped_at is null and refusal is null and next_due_at is null"))
                .as("views that nobody will ever refresh")
                .isEmpty();
        assertThat(workshop.strings("""
                select aggregateid || ' ' || sequence
                from (
                  select
                    aggregateid, sequence, lag(sequence, 1, 0::bigint) over (
                      partition by aggregatetype, aggregateid order by position) as before
                  from viewkeeper.event_outbox
                ) e
                where sequence <> before + 1
                """)).as("gaps and disorder").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"drop materialized view w.slow", "alter materialized view w.slow rename to gone"})
    void aViewThatIsGoneBetweenClaimAndRefreshFailsWithTheReason(String change) throws SQLException {
        try (var other = workshop.database().connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            other.createStatement().execute(change);
            replica.begin();
            workshop.awaitRefreshOf("slow");
            other.commit();
        }
        List<RefreshOutcome> outcomes = replica.end();
        assertThat(outcomes)
                .filteredOn(RefreshOutcome.Failed.class::isInstance)
                .singleElement()
                .satisfies(outcome -> assertThat(((RefreshOutcome.Failed) outcome)
                                .event()
                                .error()
                                .category()
                                .wireName())
                        .isEqualTo("undefined_object"));
        replica.turn();
        assertThat(workshop.strings("select view_name from viewkeeper.refresh_run"))
                .isEmpty();
        assertThat(workshop.string(
                        "select (dropped_at is not null)::text from viewkeeper.view_state where view_name = 'slow'"))
                .isEqualTo("true");
    }
}
