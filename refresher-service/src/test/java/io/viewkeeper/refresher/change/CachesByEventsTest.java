// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever reads the view anew when an event says that it changed, and only then, always has what the view shows, whatever others do
 * with it between two refreshes: in any order, in transactions that are given up in part or whole, and while the refresher is dead.
 */
@Tag("server")
@Tag("release")
class CachesByEventsTest {
    private static final String BACK = "create unique index if not exists v_k on w.v (k)";

    private static final List<String> OTHERS = List.of(
            "refresh materialized view w.v",
            "refresh materialized view concurrently w.v",
            "begin; refresh materialized view w.v; rollback",
            "begin; savepoint s; refresh materialized view concurrently w.v; rollback to s; commit",
            "begin; savepoint s; refresh materialized view concurrently w.v; release s; commit",
            "begin; savepoint s; refresh materialized view w.v; savepoint t; refresh materialized view w.v; rollback to t; commit",
            "drop materialized view w.v; create materialized view w.v as select k, x from w.base; " + BACK,
            "drop materialized view w.v; create materialized view w.v as select k, x + 1 as x from w.base; " + BACK,
            "begin; drop materialized view w.v; create materialized view w.v as select k, x from w.base; rollback",
            "alter materialized view w.v rename to a; refresh materialized view w.a; alter materialized view w.a rename to v",
            "alter materialized view w.v rename to a; alter materialized view w.a rename to v",
            "alter materialized view w.v set schema away; refresh materialized view away.v; alter materialized view away.v set schema w",
            "alter materialized view w.v set schema away; alter materialized view away.v set schema w",
            "create materialized view away.v as select k, -x as x from w.base; create unique index on away.v (k); drop materialized view w.v;"
                    + " alter materialized view away.v set schema w",
            "alter materialized view w.v rename column x to y; alter materialized view w.v rename column y to x",
            "cluster w.v using v_k",
            "alter materialized view w.v set (fillfactor = 90)",
            "alter materialized view w.v set (autovacuum_enabled = false)",
            "refresh materialized view w.v with no data; refresh materialized view w.v",
            "refresh materialized view w.v with no data",
            "vacuum full w.v",
            "vacuum freeze analyze w.v",
            "reindex table w.v",
            "drop materialized view w.v; create materialized view w.v as select k, x from w.base with no data; " + BACK,
            "grant select on w.v to public",
            "revoke all on w.v from public",
            "alter materialized view w.v alter column x set statistics 100",
            "comment on materialized view w.v is 'x'",
            "create index if not exists v_x on w.v (x)",
            "drop index if exists w.v_x");

    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings()
            .group("g", "w.v")
            .with("groups.g.plain-refresh", "unpopulated")
            .with("groups.g.vacuum-after", "0");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void areWhatTheViewShows(long seed) throws SQLException {
        var random = new Random(seed);
        workshop.asOwner("create table w.base (k int primary key, x int not null);"
                        + "insert into w.base select i, i from generate_series(1, 5) i;"
                        + "create schema away; grant usage, create on schema away to viewkeeper_refresher")
                .asRefresher("create materialized view w.v as select k, x from w.base; " + BACK);
        var replica = new Replica(workshop.database(), settings);
        try {
            String cache = "";
            int told = 0;
            int unchanged = 0;
            for (int step = 0; step < 40; step++) {
                var done = new ArrayList<String>();
                for (int n = random.nextInt(3); n > 0; n--) {
                    done.add(disturb(random));
                }
                if (random.nextInt(12) == 0) {
                    replica.die(workshop.database());
                    replica = new Replica(workshop.database(), settings, "replica" + step);
                    replica.advance(Duration.ofHours(step));
                    done.add("another replica");
                }
                if (random.nextBoolean()) {
                    // One look of the register in between, in which it is not due.
                    replica.turn();
                    done.add("a look");
                    done.add(disturb(random));
                }
                replica.advance(Duration.ofHours(1));
                replica.turn();
                List<RefreshEvent> events = workshop.events(replica.database());
                for (RefreshEvent event : events.subList(told, events.size())) {
                    if (event instanceof RefreshCompleted completed && completed.changed()) {
                        cache = content();
                    } else {
                        unchanged++;
                    }
                }
                assertThat(events.size())
                        .as("seed %d, step %d, %s", seed, step, done)
                        .isGreaterThan(told);
                told = events.size();
                assertThat(cache)
                        .as("seed %d, step %d, %s, %s", seed, step, done, events.getLast())
                        .isEqualTo(content());
            }
            assertThat(unchanged).as("events that say that nothing changed").isPositive();
        } finally {
            replica.close();
        }
    }

    private String disturb(Random random) throws SQLException {
        String sql = random.nextInt(3) == 0
                ? switch (random.nextInt(4)) {
                    case 0 -> "update w.base set x = x + 1 where k = " + random.nextInt(6);
                    case 1 -> "truncate w.base";
                    case 2 ->
                        "insert into w.base select i, " + random.nextInt(3)
                                + " from generate_series(1, 5) i on conflict (k) do update set x = excluded.x";
                    default -> "delete from w.base where k = " + random.nextInt(6);
                }
                : OTHERS.get(random.nextInt(OTHERS.size()));
        try (var connection = workshop.database()
                        .connect(sql.contains("w.base") && !sql.contains("view") ? Role.OWNER : Role.REFRESHER);
                var statement = connection.createStatement()) {
            boolean together = sql.contains(";") && !sql.startsWith("begin");
            connection.setAutoCommit(!together);
            for (String one : sql.split(";", -1)) {
                statement.execute(one);
            }
            if (together) {
                connection.commit();
            }
            return sql;
        } catch (SQLException refused) {
            return sql + ": " + refused.getMessage();
        }
    }

    private String content() {
        return workshop.strings("select oid::text from pg_class where oid = 'w.v'::regclass and not relispopulated")
                        .isEmpty()
                ? String.valueOf(workshop.strings("select k || ':' || x from w.v order by k"))
                : "no data";
    }
}
