// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.RefreshFailed;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may pass is tried again within the interval, for as long as it takes; what is broken for good costs less and less. */
@Tag("server")
class PassingFailuresTest {
    private final Workshop workshop = new Workshop();

    @BeforeEach
    void createView() {
        workshop.asOwner("create table w.base (k int primary key, x int not null); insert into w.base values (1, 1)")
                .view("v", "select k, 1 / x as x from w.base");
    }

    private static Settings every(String interval) {
        return new Settings().group("g", "w.*", interval).with("groups.g.lock-timeout", "20ms");
    }

    /** On the clock that decides what is due; the server's runs as always. */
    @ParameterizedTest(name = "a blocker of {0} s, an interval of {1} s")
    @CsvSource({"1, 5", "95, 10", "600, 60", "600, 3600"})
    void aBlockedViewIsFreshWithinOneIntervalAndAHalfOfTheBlockersEnd(int blockedSeconds, int intervalSeconds)
            throws SQLException {
        block(blockedSeconds, intervalSeconds);
    }

    @ParameterizedTest(name = "a blocker of {0} s, an interval of {1} s")
    @Tag("release")
    @CsvSource({"1, 10", "1, 60", "1, 3600", "30, 5", "30, 60", "30, 600", "600, 5", "600, 10", "600, 300", "600, 1800"
    })
    void andWithMoreBlockers(int blockedSeconds, int intervalSeconds) throws SQLException {
        block(blockedSeconds, intervalSeconds);
    }

    private void block(int blockedSeconds, int intervalSeconds) throws SQLException {
        Duration step = Duration.ofSeconds(Math.max(1, intervalSeconds / 20));
        Duration interval = Duration.ofSeconds(intervalSeconds);
        try (var replica = new Replica(workshop.database(), every(intervalSeconds + "s"));
                var blocker = workshop.database().connect(Role.OWNER)) {
            replica.turn();
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table w.base in access exclusive mode");
            // It is due while the blocker is there, whatever the interval.
            replica.advance(interval);
            Duration blocked = Duration.ZERO;
            while (blocked.compareTo(Duration.ofSeconds(blockedSeconds)) < 0) {
                replica.turn();
                replica.advance(step);
                blocked = blocked.plus(step);
            }
            blocker.rollback();
            String before = runs("completed");
            Duration since = Duration.ZERO;
            while (runs("completed").equals(before)) {
                assertThat(since)
                        .as("since the blocker's end")
                        .isLessThanOrEqualTo(interval.multipliedBy(3).dividedBy(2));
                replica.turn();
                replica.advance(step);
                since = since.plus(step);
            }
            assertThat(failures(replica)).isNotEmpty().noneMatch(RefreshFailed::suspended);
        }
    }

    @Test
    @Tag("release")
    void aBlockedViewIsFreshAgainInRealTime() throws SQLException {
        var now = new AtomicReference<>(Instant.now());
        try (var replica = new Replica(workshop.database(), every("5s"), "real", now);
                var blocker = workshop.database().connect(Role.OWNER)) {
            replica.turn();
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table w.base in access exclusive mode");
            Instant end = Instant.now().plusSeconds(60);
            Await.until(
                    "a minute of the blocker is over",
                    () -> turn(replica, now) && Instant.now().isAfter(end));
            blocker.rollback();
            String before = runs("completed");
            Await.until(
                    "it is fresh",
                    () -> turn(replica, now) && !runs("completed").equals(before));
            assertThat(failures(replica)).hasSizeGreaterThan(3).noneMatch(RefreshFailed::suspended);
            assertThat(workshop.string("""
                    select f.next_due_at <= f.failed_at + interval '7.5 s'
                    from (
                      select
                        max(refresh_time) filter (where status = 'failed') as failed_at,
                        max(scheduled_at) filter (where status = 'completed') as next_due_at
                      from analytics.view_refresh_log
                    ) f
                    """)).isEqualTo("t");
        }
    }

    private static boolean turn(Replica replica, AtomicReference<Instant> now) {
        now.set(Instant.now());
        replica.turn();
        return true;
    }

    @Test
    void aPrivilegeThatIsRevokedAndGrantedAgainSuspendsNothing() {
        try (var replica = new Replica(workshop.database(), every("10s"))) {
            replica.turn();
            workshop.asOwner("revoke select on w.base from viewkeeper_refresher");
            for (int second = 0; second < 180; second += 5) {
                replica.advance(Duration.ofSeconds(5));
                replica.turn();
            }
            workshop.asOwner("grant select on w.base to viewkeeper_refresher");
            replica.advance(Duration.ofSeconds(11));
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(failures(replica)).hasSizeGreaterThanOrEqualTo(15).noneMatch(RefreshFailed::suspended);
        }
    }

    @Test
    void aViewThatIsBrokenForGoodIsSuspendedAfterItsNumberAndCostsLessAndLess() {
        try (var replica = new Replica(workshop.database(), every("10s").with("groups.g.suspend-after", "3"))) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            var seconds = new ArrayList<Integer>();
            for (int second = 0; second < 2_800; second += 20) {
                replica.advance(Duration.ofSeconds(20));
                if (!replica.turn().isEmpty()) {
                    seconds.add(second);
                }
            }
            assertThat(failures(replica).subList(0, 4))
                    .extracting(RefreshFailed::suspended)
                    .containsExactly(false, false, true, true);
            List<Integer> pauses = new ArrayList<>();
            for (int i = 1; i < seconds.size(); i++) {
                pauses.add(seconds.get(i) - seconds.get(i - 1));
            }
            assertThat(pauses.subList(2, pauses.size()))
                    .as("seconds between attempts, once it is suspended")
                    .startsWith(20, 40, 80, 160)
                    .isSorted()
                    .allMatch(pause -> pause <= 3_600);
            assertThat(seconds).hasSizeLessThan(13);
        }
    }

    @Test
    void whatItsQueryNamesHasChangedAndSoTheSuspensionEndsEarly() {
        workshop.asOwner("create function w.half(x int) returns int language plpgsql immutable as"
                        + " $$ begin return x / 0; end $$; create table w.one (k int); insert into w.one values (1)")
                .asRefresher("create materialized view w.halves as select k, w.half(k) as h from w.one with no data;"
                        + "create unique index on w.halves (k)");
        var settings = every("10m").with("groups.g.suspend-after", "1").with("groups.g.plain-refresh", "unpopulated");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(failures(replica))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.suspended()).isTrue());
            replica.advance(Duration.ofSeconds(30));
            assertThat(replica.turn()).as("nothing has changed").isEmpty();
            workshop.asOwner("create or replace function w.half(x int) returns int language plpgsql immutable as"
                    + " $$ begin return x / 2; end $$");
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(workshop.strings("select view_name from viewkeeper.view_state where suspended_at is not null"))
                    .isEmpty();
        }
    }

    /** README's step 4 gives the view to a role whose rows a policy restricts. */
    @Test
    void rowSecurityThatWouldLeaveRowsOutFailsInsteadOfEmptyingTheView() {
        try (var replica = new Replica(workshop.database(), every("10s"))) {
            replica.turn();
            workshop.asOwner("alter table w.base enable row level security");
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(failures(replica)).singleElement().satisfies(failure -> {
                assertThat(failure.error().category().wireName()).isEqualTo("insufficient_privilege");
                assertThat(failure.error().sqlState()).isEqualTo("42501");
                assertThat(failure.error().message())
                        .contains("row-level security policy")
                        .contains("BYPASSRLS");
            });
            assertThat(workshop.string("select count(*) from w.v")).isEqualTo("1");
        }
    }

    @Test
    void whoWantsAViewOfWhatItsOwnerMaySeeSaysSo() {
        workshop.asOwner("insert into w.base values (2, 2); alter table w.base enable row level security;"
                + "create policy odd on w.base using (k % 2 = 1)");
        try (var replica = new Replica(workshop.database(), every("10s").with("groups.g.row-security", "true"))) {
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(workshop.strings("select k::text from w.v")).containsExactly("1");
        }
    }

    private String runs(String status) {
        return workshop.string(
                "select count(*) from analytics.view_refresh_log where view_name = 'v' and status = '" + status + "'");
    }

    private List<RefreshFailed> failures(Replica replica) {
        return workshop.events(replica.database()).stream()
                .filter(RefreshFailed.class::isInstance)
                .map(RefreshFailed.class::cast)
                .toList();
    }
}
