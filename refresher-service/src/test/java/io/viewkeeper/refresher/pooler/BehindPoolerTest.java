// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.sandbox.server.Pooler;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that the refresher does needs a backend for longer than one transaction. */
@Tag("server")
class BehindPoolerTest {
    private static final int VIEWS = 10;
    private static final int ROUNDS = 5;

    private static final String BACKENDS = """
        select count(distinct pid) as n
        from pg_stat_activity
        where datname = current_database() and usename = 'viewkeeper_refresher'
        """;

    private static final String COMPLETED = """
        select count(*) as n
        from analytics.view_refresh_log
        where status = 'completed'
        """;

    private static final String NOT_AS_THEY_SHOULD_BE = """
        select view_name || ' ' || sequence || ' ' || status as run
        from analytics.view_refresh_log
        where (status = 'completed') = (view_name = 'bad')
        union all
        select view_name || ' under way' from viewkeeper.refresh_run
        union all
        select view_name || ' twice for ' || scheduled_at
        from analytics.view_refresh_log
        where status = 'completed'
        group by view_name, scheduled_at
        having count(*) > 1
        """;

    @TempDir
    private Path directory;

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @BeforeEach
    void needsPgbouncer() throws SQLException {
        assumeTrue(Pooler.isInstalled(), "pgbouncer is not installed: apt-get install pgbouncer");
        database.execute(
                Role.OWNER, "create schema pooled; grant usage, create on schema pooled to viewkeeper_refresher");
        for (int view = 0; view < VIEWS; view++) {
            database.execute(Role.REFRESHER, """
                create materialized view pooled.v%1$d as select i from generate_series(1, 100) i;
                create unique index on pooled.v%1$d (i);
                """.formatted(view));
        }
        database.execute(Role.REFRESHER, """
            create materialized view pooled.bad as select 1 / (i - i) as i from generate_series(1, 10) i with no data;
            create unique index on pooled.bad (i);
            """);
    }

    @Test
    void twoReplicasShareTheWorkThroughFewerBackendsThanTheyHaveConnections() throws Exception {
        var settings = new Settings().group("g", "pooled.*").with("groups.g.plain-refresh", "unpopulated");
        try (var pooler = Pooler.start(database, 6, directory);
                var one = Replica.throughPooler(pooler.database(), settings, "one");
                var two = Replica.throughPooler(pooler.database(), settings, "two")) {
            for (int round = 0; round < ROUNDS; round++) {
                one.begin();
                two.begin();
                one.end();
                two.end();
                one.advance(Duration.ofHours(2));
                two.advance(Duration.ofHours(2));
            }
            long completed = one.database().queryOne(COMPLETED, row -> row.getLong("n"));
            assertThat(completed).isEqualTo(VIEWS * ROUNDS);
            assertThat(one.database().query(NOT_AS_THEY_SHOULD_BE, row -> row.getString("run")))
                    .isEmpty();
            long backends = one.database().queryOne(BACKENDS, row -> row.getLong("n"));
            assertThat(backends).isBetween(1L, 6L);
        }
    }

    @Test
    void thePoolerGivesOneClientsBackendToTheNext() throws IOException, SQLException {
        try (var pooler = Pooler.start(database, 1, directory);
                var one = pooler.database().connect(Role.REFRESHER);
                var two = pooler.database().connect(Role.REFRESHER)) {
            one.createStatement().execute("select set_config('viewkeeper.mark', 'of the first', false)");
            try (var rows = two.createStatement().executeQuery("select current_setting('viewkeeper.mark', true)")) {
                rows.next();
                assertThat(rows.getString(1)).as("a setting of the session").isEqualTo("of the first");
            }
        }
    }
}
