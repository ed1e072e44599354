// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three replicas, fifty views, a clock that all share. */
@Tag("server")
class SharedHourTest {
    private static final int VIEWS = 50;
    private static final Duration STEP = Duration.ofSeconds(30);

    // What is due at a time is due once, and the next time is one interval later: none is left out. The first one is
    // followed by the jitter's distance.
    private static final String WRONG = """
        with runs as (
          select
            view_name, scheduled_at,
            row_number() over w as nth,
            scheduled_at - lag(scheduled_at) over w as distance,
            case view_group when 'often' then interval '5 min' else interval '10 min' end as every
          from analytics.view_refresh_log
          window w as (partition by view_name order by scheduled_at, sequence)
        )
        select view_name || ' at ' || scheduled_at || ', ' || distance || ' after the one before'
        from runs
        where case nth
          when 1 then false
          when 2 then distance > every or distance < every * 0.9
          else distance <> every
        end
        """;

    private final Workshop workshop = new Workshop();
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
    private final Settings settings =
            new Settings().group("often", "w.often*", "5m").group("seldom", "w.seldom*", "10m");

    @Test
    void noViewIsRefreshedTwiceForOneTimeAndNoneIsLeftOutAndTheWorkIsShared() throws SQLException {
        noViewIsRefreshedTwiceForOneTimeAndNoneIsLeftOut(Duration.ofMinutes(25), 10);
    }

    @Test
    @Tag("release")
    void noViewIsRefreshedTwiceForOneTimeAndNoneIsLeftOutInAWholeHour() throws SQLException {
        noViewIsRefreshedTwiceForOneTimeAndNoneIsLeftOut(Duration.ofHours(1), 30);
    }

    /** @param share runs that each replica has had more of */
    private void noViewIsRefreshedTwiceForOneTimeAndNoneIsLeftOut(Duration time, int share) throws SQLException {
        for (int i = 0; i < VIEWS; i++) {
            workshop.view((i % 2 == 0 ? "often" : "seldom") + i, "select 1 as k");
        }
        List<Replica> replicas = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            replicas.add(new Replica(workshop.database(), settings, name, clock));
        }
        var doomed = replicas.getFirst();
        Instant half = clock.get().plus(time.dividedBy(2));
        Instant end = clock.get().plus(time);
        // Who begins gets most, and how much is left for the others is chance: each begins in its turn, and time is
        // added
        // where that was not enough.
        Instant latest = clock.get().plus(time.multipliedBy(4));
        while (clock.get().isBefore(end)
                || (clock.get().isBefore(latest) && withMoreRunsThan(share).size() < 3)) {
            Collections.rotate(replicas, 1);
            replicas.forEach(Replica::begin);
            if (clock.get().isAfter(half)
                    && replicas.contains(doomed)
                    && withMoreRunsThan(share).contains("one")) {
                replicas.remove(doomed);
                doomed.die(workshop.database());
            }
            replicas.forEach(Replica::end);
            clock.updateAndGet(now -> now.plus(STEP));
        }
        assertThat(replicas).as("the living").hasSize(2);
        // What the dead one left is settled when its heartbeat has stopped for long enough.
        Await.until("no run is left", () -> {
            replicas.forEach(Replica::turn);
            return workshop.strings("select view_name from viewkeeper.refresh_run")
                    .isEmpty();
        });
        assertThat(workshop.strings(
                        "select view_name from viewkeeper.view_state where next_due_at <= '" + clock.get() + "'"))
                .as("late")
                .isEmpty();
        assertThat(workshop.strings(WRONG + "  and view_name not in ("
                        + "select view_name from analytics.view_refresh_log where status = 'failed')"))
                .isEmpty();
        assertThat(workshop.strings("select view_name from analytics.view_refresh_log where status = 'completed'"
                        + " group by view_name, scheduled_at having count(*) > 1"))
                .isEmpty();
        assertThat(Integer.parseInt(workshop.string(
                        "select count(distinct view_name) from analytics.view_refresh_log where status = 'completed'")))
                .isEqualTo(VIEWS);
        assertThat(withMoreRunsThan(share)).containsExactlyInAnyOrder("one", "two", "three");
        replicas.forEach(Replica::close);
    }

    private List<String> withMoreRunsThan(int share) {
        return workshop.strings(
                "select instance from analytics.view_refresh_log group by 1 having count(*) > " + share);
    }
}
