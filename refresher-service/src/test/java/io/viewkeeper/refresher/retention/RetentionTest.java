// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.retention.Retention;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class RetentionTest {
    private final SandboxDatabase where = PostgresServer.shared().migratedDatabase();
    private final Pool pool = Replica.pool(where, Role.REFRESHER);
    private final Database database = new Database(pool, Await.PATIENCE);

    @AfterEach
    void close() {
        var _ = pool.close();
    }

    @Test
    void deletesOldRowsOfEveryTableAndKeepsYoungerOnes() throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into analytics.view_refresh_log (
              run_id, view_schema, view_name, view_oid, view_group, trigger, method, status, scheduled_at, started_at,
              refresh_time, duration_ms, lock_wait_ms, error_category, attempt, sequence, instance)
            select gen_random_uuid(), 's', 'v', 1, 'g', 'schedule', 'plain', 'failed', t, t, t, 0, 0, 'other', 1, n, 'i'
            from (select n, now() - n * interval '45 days' - interval '1 hour' as t from generate_series(1, 3) n) x;
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, published_at)
            select gen_random_uuid(), 'refresh', 's.v', 't', n, now() - n * interval '3 days' from generate_series(1, 4) n;
            insert into viewkeeper.refresh_request (view_group, requested_at, taken_at)
            select 'g', t, t from (select now() - n * interval '3 days' as t from generate_series(1, 4) n) x;
            insert into viewkeeper.command_log (commanded_at, commanded_by, action, target, status)
            select now() - n * interval '3 days', 'p', 'refresh', 's.v', 202 from generate_series(1, 4) n;
            insert into viewkeeper.refresher_process (process_id, instance, heartbeat_at)
            select gen_random_uuid(), 'i', now() - n * interval '23 hours' from generate_series(1, 3) n;
            """);
        assertThat(purge())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("view_refresh_log", 2),
                        Map.entry("event_outbox", 2),
                        Map.entry("refresh_request", 2),
                        Map.entry("command_log", 2),
                        Map.entry("refresher_process", 2)));
        assertThat(purge()).isEmpty();
    }

    @Test
    void neverDeletesWhatIsStillNeeded() throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, created_at)
            values (gen_random_uuid(), 'refresh', 's.v', 't', 1, now() - interval '10 years');
            insert into viewkeeper.refresh_request (view_group, requested_at) values ('g', now() - interval '10 years');
            insert into analytics.view_refresh_log (
              run_id, view_schema, view_name, view_oid, view_group, trigger, method, status, scheduled_at, started_at,
              data_as_of, refresh_time, duration_ms, lock_wait_ms, error_category, attempt, sequence, instance)
            select
              ('00000000-0000-0000-0000-00000000000' || n)::uuid, 's', 'v', 1, 'g', 'schedule', 'plain',
              case n when 3 then 'failed' else 'completed' end, t, t,
              case n when 3 then null else t end, t, 0, 0, case n when 3 then 'other' end, 1, n, 'i'
            from (select n, timestamptz '2016-01-01Z' + n * interval '1 day' as t from generate_series(1, 3) n) x;
            insert into viewkeeper.view_state (view_schema, view_name, view_oid, last_run_id, data_as_of, dropped_at)
            values
              ('s', 'v', 1, '00000000-0000-0000-0000-000000000003', '2016-01-03Z', null),
              ('s', 'dropped', 2, null, null, now() - interval '10 years');
            """);
        assertThat(purge()).isEqualTo(Map.of("view_refresh_log", 1));
        assertThat(database.query(
                        "select sequence from analytics.view_refresh_log order by sequence", row -> row.getLong(0)))
                .containsExactly(2L, 3L);
        assertThat(count("viewkeeper.event_outbox")).isEqualTo(1);
        assertThat(count("viewkeeper.refresh_request")).isEqualTo(1);
        assertThat(count("viewkeeper.view_state")).isEqualTo(2);
        // The control: it was their publication that was missing, not their age.
        database.update("update viewkeeper.event_outbox set published_at = created_at");
        assertThat(purge()).isEqualTo(Map.of("event_outbox", 1));
    }

    @Test
    void deletesBatchAfterBatch() throws SQLException {
        publishedLongAgo(2 * Retention.BATCH + 1);
        assertThat(purge()).isEqualTo(Map.of("event_outbox", 2 * Retention.BATCH + 1));
    }

    @Test
    void oneReplicaAtATime() throws SQLException {
        publishedLongAgo(5 * Retention.BATCH);
        var first = CompletableFuture.supplyAsync(this::purge);
        var second = CompletableFuture.supplyAsync(this::purge);
        int together =
                first.join().getOrDefault("event_outbox", 0) + second.join().getOrDefault("event_outbox", 0);
        assertThat(together).isEqualTo(5 * Retention.BATCH);
        assertThat(count("viewkeeper.event_outbox")).isZero();

        publishedLongAgo(1);
        database.inTransaction(session -> {
            session.queryOne(
                    "select pg_advisory_xact_lock(hashtextextended('viewkeeper:retention:refresher', 0)) is null",
                    row -> row.getBoolean(0));
            assertThat(purge()).as("while another is at it").isEmpty();
            return session;
        });
        assertThat(purge()).containsKey("event_outbox");
    }

    @ParameterizedTest
    @CsvSource({"refresh-log, 24h, 24 hours", "outbox, -1s, time"})
    void refusesToKeepTooLittle(String setting, String value, String reason) {
        var config = config(Map.of("viewkeeper.retention." + setting, value));
        assertThatThrownBy(() -> RefresherTables.rules(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("viewkeeper.retention." + setting)
                .hasMessageContaining(reason);
    }

    private void publishedLongAgo(int rows) throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, published_at)
            select gen_random_uuid(), 'refresh', 's.v', 't', n, now() - interval '1 year'
            from generate_series(1, %d) n
            """.formatted(rows));
    }

    private long count(String table) {
        return database.queryOne("select count(*) from " + table, row -> row.getLong(0));
    }

    private Map<String, Integer> purge() {
        var limits = new Loop.Limits(Await.PATIENCE, Await.PATIENCE);
        var loop = new Loop("retention", limits);
        var deleted = new HashMap<String, Integer>();
        loop.turn(turn -> deleted.putAll(retention().purge(turn)));
        assertThat(loop.failures()).isEmpty();
        return deleted;
    }

    private Retention retention() {
        return new Retention(database, "refresher", RefresherTables.rules(config(Map.of())));
    }

    private static RetentionConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverters(new Converter<?>[] {new DurationConverter()})
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .withMapping(RetentionConfig.class)
                .build()
                .getConfigMapping(RetentionConfig.class);
    }
}
