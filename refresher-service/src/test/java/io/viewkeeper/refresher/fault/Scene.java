// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Six views, tables that change, and two replicas that share a clock; whatever turns throw is kept. */
final class Scene implements AutoCloseable {
    private static final Settings SETTINGS =
            new Settings().group("g", "w.*").with("groups.g.retry-delay", "1s").with("groups.g.suspend-after", "1000");

    private final Workshop workshop;
    private final List<Replica> replicas;
    private final List<DatabaseException> refusals = new ArrayList<>();

    /** @param seen by the second replica, as a proxy shows it; the first sees the database itself */
    Scene(SandboxDatabase database, SandboxDatabase seen) {
        workshop = new Workshop(database);
        workshop.asOwner("""
                create table w.base (k int primary key, v int not null);
                insert into w.base select k, 0 from generate_series(1, 500) k;
                create table w.pace (seconds float8 not null);
                insert into w.pace values (0)
                """)
                .view("v1", "select k, v from w.base")
                .view("v2", "select k % 10 as k, sum(v) as v from w.base group by 1")
                .view("v3", "select v as k, count(*) as n from w.base group by 1")
                .view("top", "select k, v from w.v1 where v > 0")
                .view("slow", "select k, v, pg_sleep(p.seconds)::text as s from w.base, w.pace p where k = 1")
                .view("mark", "select 1 as k, pg_current_xact_id()::text as xact");
        var clock = new AtomicReference<>(Instant.now());
        replicas = List.of(new Replica(database, SETTINGS, "one", clock), new Replica(seen, SETTINGS, "two", clock));
    }

    Scene(SandboxDatabase database) {
        this(database, database);
    }

    Workshop workshop() {
        return workshop;
    }

    /** As the first replica reaches it. */
    Database database() {
        return replicas.getFirst().database();
    }

    /** What turns have thrown. */
    List<DatabaseException> refusals() {
        return refusals;
    }

    /** How long the view {@code slow} takes from now on, and the tables change. */
    void pace(double seconds) {
        workshop.asOwner("update w.pace set seconds = " + seconds);
        change();
    }

    void change() {
        workshop.asOwner("update w.base set v = v + 1 where k % 7 = 1");
    }

    /** All views are due. */
    void later() {
        replicas.getFirst().advance(Duration.ofHours(1));
    }

    /** A turn of each replica; its refreshes go on. */
    void turns() {
        replicas.forEach(this::turn);
    }

    void turnOfTheSecond() {
        turn(replicas.getLast());
    }

    private void turn(Replica replica) {
        try {
            replica.begin();
        } catch (DatabaseException refused) {
            refusals.add(refused);
        }
    }

    /** Until everything that turns set off has ended. */
    List<RefreshOutcome> outcomes() {
        return replicas.stream().flatMap(replica -> replica.end().stream()).toList();
    }

    /** Categories of failed runs. */
    List<String> failures() {
        return workshop.strings("select error_category from analytics.view_refresh_log where status = 'failed'");
    }

    /** Until all is settled and every view has been refreshed after everything that happened; then all must be right. */
    void settleAndCheck() throws SQLException {
        Await.until("every run is settled", () -> {
            int before = refusals.size();
            turns();
            outcomes();
            return refusals.size() == before
                    && workshop.strings("select run_id from viewkeeper.refresh_run")
                            .isEmpty();
        });
        try (var connection = workshop.database().connect(Role.SUPERUSER)) {
            assertThat(Invariants.violations(connection))
                    .as("when all is settled")
                    .isEmpty();
        }
        // Twice: a view is refreshed, too, where the one that it reads has just failed.
        refreshAll();
        refreshAll();
        try (var connection = workshop.database().connect(Role.SUPERUSER)) {
            assertThat(Invariants.violations(connection))
                    .as("after the last refresh")
                    .isEmpty();
            assertThat(Invariants.stale(connection)).isEmpty();
        }
        assertEveryOutcomeIsHistory();
    }

    private void refreshAll() {
        String moment = workshop.string("select clock_timestamp()");
        later();
        Await.until("every view has been refreshed again", () -> {
            turns();
            outcomes();
            replicas.getFirst().advance(Duration.ofSeconds(2));
            return workshop.strings("select view_name from viewkeeper.view_state where read_at is null or read_at < '"
                            + moment + "'")
                    .isEmpty();
        });
    }

    /** What a replica was told has happened, has. */
    private void assertEveryOutcomeIsHistory() {
        var history = workshop.strings("select run_id || ' ' || status from analytics.view_refresh_log");
        for (var outcome : outcomes()) {
            switch (outcome) {
                case RefreshOutcome.Completed(var event) ->
                    assertThat(history).contains(event.run().runId() + " completed");
                case RefreshOutcome.Failed(var event) ->
                    assertThat(history).contains(event.run().runId() + " failed");
                case RefreshOutcome.Skipped _, RefreshOutcome.Unrecorded _ -> {
                    // History, if any, is somebody else's.
                }
            }
        }
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
    }
}
