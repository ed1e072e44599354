// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A view is as old as the oldest of what it reads. */
@Tag("server")
class AgeTest {
    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings()
            .group("slow", "w.slow*", "1h")
            .group("fast", "w.fast*", "10s")
            .with("groups.fast.freshness-target", "365d");

    @BeforeEach
    void createBase() {
        workshop.asOwner("create table w.base (k int primary key, x int not null); insert into w.base values (1, 1)");
    }

    @Test
    void aFastViewOverASlowOneIsAsOldAsThatAndNotRefreshedMoreOften() {
        workshop.view("slow_a", "select k, x from w.base")
                .asRefresher("create view w.between as select k, x from w.slow_a")
                .view("fast_b", "select k, x from w.between")
                .view("fast_c", "select b.k, b.x from w.fast_b b join w.base using (k)")
                .view("fast_alone", "select k, x from w.base");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("delete from w.base");
            for (int second = 0; second < 60; second++) {
                replica.advance(Duration.ofSeconds(1));
                replica.turn();
            }
            RefreshCompleted slow = last(replica, "slow_a");
            RefreshCompleted fast = last(replica, "fast_b");
            assertThat(fast.run().dataAsOf()).isEqualTo(slow.run().readAt());
            assertThat(fast.run().readAt()).isAfter(slow.run().readAt());
            assertThat(last(replica, "fast_c").run().dataAsOf())
                    .isEqualTo(slow.run().readAt());
            assertThat(last(replica, "fast_alone").run())
                    .as("over base tables only")
                    .satisfies(run -> assertThat(run.dataAsOf()).isEqualTo(run.readAt()));
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log where view_name = 'slow_a'"))
                    .isEqualTo("1");
            assertThat(Integer.parseInt(workshop.string(
                            "select count(*) from analytics.view_refresh_log where view_name = 'fast_b'")))
                    .as("once, and then each ten seconds")
                    .isBetween(6, 7);
            assertThat(workshop.strings("select matviewname from analytics.view_freshness"
                            + " where data_as_of < read_at and staleness > clock_timestamp() - read_at order by 1"))
                    .containsExactly("fast_b", "fast_c");
        }
    }

    @Test
    void whatIsOlderThanItsTargetIsNamedThroughAllLevelsAndIsARisk() {
        workshop.view("slow_a", "select k, x from w.base")
                .view("fast_b", "select k, x from w.slow_a")
                .view("fast_c", "select k, x from w.fast_b");
        settings.with("groups.slow.freshness-target", "1h").with("groups.fast.freshness-target", "1m");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asRefresher("update viewkeeper.view_state set data_as_of = data_as_of - interval '2 h'");
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_c").staleInputs())
                    .containsExactly(new ViewName("w", "fast_b"), new ViewName("w", "slow_a"));
            assertThat(workshop.string("select target_risk from viewkeeper.view_state where view_name = 'fast_c'"))
                    .isEqualTo("it reads w.fast_b, whose data is older than the freshness target allows");
        }
    }

    @Test
    void nobodyKnowsTheAgeOfAViewThatNobodyKeepsUntilItIsSeenToChange() {
        workshop.view("nobodys", "select k, x from w.base")
                .view("fast_b", "select k, x from w.nobodys")
                .view("fast_c", "select k, x from w.fast_b");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            var nobodys = new ViewName("w", "nobodys");
            assertThat(List.of(last(replica, "fast_b"), last(replica, "fast_c")))
                    .allSatisfy(event -> {
                        assertThat(event.run().dataAsOf()).isNull();
                        assertThat(event.run().readAt()).isNotNull();
                        assertThat(event.staleInputs()).contains(nobodys);
                    });
            assertThat(workshop.string("select target_risk from viewkeeper.view_state where view_name = 'fast_b'"))
                    .isEqualTo("it reads w.nobodys, and nobody knows how old that is");
            workshop.asRefresher("grant select on w.nobodys to viewkeeper_owner");
            replica.turn();
            assertThat(workshop.string("select change_noticed_at is not null from viewkeeper.view_state"
                            + " where view_name = 'nobodys' and data_as_of is null"))
                    .as("noticed, and no refresh")
                    .isEqualTo("t");
            Instant before = moment("select clock_timestamp()");
            replica.turn();
            Instant between = moment("select clock_timestamp()");
            workshop.asRefresher("refresh materialized view w.nobodys");
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_c").staleInputs()).isEmpty();
            Instant age = requireNonNull(last(replica, "fast_c").run().dataAsOf());
            assertThat(age).as("the last look before it was refreshed").isBetween(before, between);
            workshop.asRefresher("grant update on w.nobodys to viewkeeper_owner");
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_c").run().dataAsOf())
                    .as("a grant makes nothing newer")
                    .isEqualTo(age);
        }
    }

    private Instant moment(String sql) {
        long micros = Long.parseLong(workshop.string(
                sql.replace("clock_timestamp()", "(extract(epoch from clock_timestamp()) * 1000000)::bigint")));
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** A migration that replaces it in a transaction holds its lock until the end: the refresh looks before, and reads after. */
    @ParameterizedTest(name = "consistent: {0}")
    @ValueSource(booleans = {false, true})
    void aPlainViewThatIsReplacedWhileTheRefreshWaitsForItCountsAsItIsThen(boolean consistent) throws SQLException {
        workshop.view("nobodys", "select k, x from w.base")
                .asRefresher("create view w.between as select k, x from w.base")
                .view("fast_b", "select k, x from w.between");
        settings.with("groups.fast.consistent", String.valueOf(consistent)).with("groups.fast.lock-timeout", "1h");
        try (var replica = new Replica(workshop.database(), settings);
                var migration = workshop.database().connect(Role.REFRESHER)) {
            replica.turn();
            assertThat(last(replica, "fast_b").run().dataAsOf()).isNotNull();
            migration.setAutoCommit(false);
            migration.createStatement().execute("create or replace view w.between as select k, x from w.nobodys");
            replica.advance(Duration.ofSeconds(20));
            replica.begin();
            workshop.awaitWaitForALock();
            migration.commit();
            assertThat(replica.end()).last().isInstanceOfSatisfying(RefreshOutcome.Failed.class, failed -> {
                assertThat(failed.event().error().message()).contains("replaced a view that it reads");
                assertThat(failed.event().error().retryable()).isTrue();
            });
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_b").run().dataAsOf()).isNull();
        }
    }

    @Test
    void aChangeOfAViewThatNobodyKeepsIsAsOldAsWhatItReads() {
        workshop.view("slow_a", "select k, x from w.base")
                .view("nobodys", "select k, x from w.slow_a")
                .view("fast_b", "select k, x from w.nobodys");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            replica.turn();
            Instant age = last(replica, "slow_a").run().readAt();
            workshop.asRefresher("refresh materialized view w.nobodys");
            // It is refreshed again before the look that notices: nobodys does not show that.
            workshop.asOwner("select viewkeeper.request_view_refresh('w.slow_a')");
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_b").run().dataAsOf()).isEqualTo(age);
            assertThat(last(replica, "slow_a").run().readAt()).isAfter(age);
        }
    }

    @Test
    void aViewThatReadsItselfThroughAPlainViewIsAsOldAsWhatItShowedBefore() {
        workshop.asRefresher("create view w.slow_between as select k, x from w.base")
                .view("fast_self", "select k, x from w.slow_between");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            Instant age = last(replica, "fast_self").run().readAt();
            workshop.asRefresher("create or replace view w.slow_between as select k, x from w.fast_self");
            for (int round = 0; round < 2; round++) {
                replica.advance(Duration.ofHours(1));
                replica.turn();
            }
            assertThat(last(replica, "fast_self").run().sequence()).isEqualTo(3);
            assertThat(last(replica, "fast_self").run().dataAsOf()).isEqualTo(age);
            assertThat(last(replica, "fast_self").staleInputs()).isEmpty();
        }
    }

    @Test
    void aSuspendedAndARefusedInputCount() {
        workshop.view("slow_a", "select k, x from w.base")
                .asRefresher("create materialized view w.slow_keyless as select k, x from w.base")
                .view("fast_a", "select k, x from w.slow_a")
                .view("fast_b", "select k, x from w.slow_keyless");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            replica.database()
                    .inTransaction(
                            session -> ViewCommands.suspend(session, new ViewName("w", "slow_a"), "alice", null));
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_a").staleInputs()).containsExactly(new ViewName("w", "slow_a"));
            assertThat(last(replica, "fast_a").run().dataAsOf())
                    .isEqualTo(last(replica, "slow_a").run().readAt());
            assertThat(last(replica, "fast_b").staleInputs()).containsExactly(new ViewName("w", "slow_keyless"));
            assertThat(last(replica, "fast_b").run().dataAsOf())
                    .as("never refreshed by us")
                    .isNull();
        }
    }

    /** Another session commits between our look at the inputs and our snapshot: it must not make our data look newer. */
    @Test
    void aConsistentGroupIsAsOldAsWhatItReadsOutsideOfTheGroup() {
        workshop.view("slow_a", "select k, x from w.base")
                .view("fast_b", "select k, x from w.slow_a")
                .view("fast_c", "select k, x from w.fast_b");
        settings.with("groups.fast.consistent", "true");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            replica.advance(Duration.ofSeconds(20));
            replica.turn();
            assertThat(last(replica, "fast_c").run().dataAsOf())
                    .isEqualTo(last(replica, "slow_a").run().readAt());
            assertThat(last(replica, "fast_c").run().readAt())
                    .isEqualTo(last(replica, "fast_b").run().readAt())
                    .isAfter(last(replica, "slow_a").run().readAt());
            assertThat(last(replica, "fast_c").staleInputs()).isEmpty();
        }
    }

    private RefreshCompleted last(Replica replica, String view) {
        return workshop.events(replica.database()).reversed().stream()
                .filter(RefreshCompleted.class::isInstance)
                .map(RefreshCompleted.class::cast)
                .filter(event -> event.run().view().name().equals(view))
                .findFirst()
                .orElseThrow(() -> new AssertionError(view + " has never been refreshed"));
    }
}
