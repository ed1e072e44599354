// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ReplicasTest {
    private static final int VIEWS = 12;
    private static final int ROUNDS = 10;

    private static final String REFRESHED_TWICE = """
        select view_name || ' due at ' || scheduled_at as run
        from analytics.view_refresh_log
        group by view_name, scheduled_at
        having count(*) > 1
        """;

    private static final String TOTALS = """
        select count(*) as runs, count(distinct instance) as instances, max(sequence) as last
        from analytics.view_refresh_log
        """;

    private static final String OUT_OF_ORDER = """
        select distinct aggregateid
        from (
          select
            aggregateid,
            sequence,
            lag(sequence, 1, 0::bigint) over (partition by aggregateid order by position) as before
          from viewkeeper.event_outbox
          where aggregatetype = 'refresh'
        ) e
        where sequence <> before + 1
        """;

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @Test
    void twoReplicasRefreshEveryDueViewOnce() throws SQLException {
        createViews();
        var settings = new Settings().group("g", "shared.*", "1h");
        try (var one = new Replica(database, settings, "one");
                var two = new Replica(database, settings, "two")) {
            for (int round = 0; round < ROUNDS; round++) {
                one.begin();
                two.begin();
                one.end();
                two.end();
                one.advance(Duration.ofHours(1));
                two.advance(Duration.ofHours(1));
            }
            var asked = one.database();
            assertThat(asked.query(REFRESHED_TWICE, row -> row.getString("run")))
                    .isEmpty();
            List<Long> totals = asked.queryOne(
                    TOTALS, row -> List.of(row.getLong("runs"), row.getLong("instances"), row.getLong("last")));
            assertThat(totals).containsExactly((long) VIEWS * ROUNDS, 2L, (long) ROUNDS);
            assertThat(asked.query(OUT_OF_ORDER, row -> row.getString("aggregateid")))
                    .isEmpty();
        }
    }

    private void createViews() throws SQLException {
        database.execute(
                Role.OWNER, "create schema shared; grant usage, create on schema shared to viewkeeper_refresher");
        for (int i = 0; i < VIEWS; i++) {
            database.execute(Role.REFRESHER, """
                create materialized view shared.v%1$d as select i from generate_series(1, 100) i;
                create unique index on shared.v%1$d (i);
                """.formatted(i));
        }
    }
}
