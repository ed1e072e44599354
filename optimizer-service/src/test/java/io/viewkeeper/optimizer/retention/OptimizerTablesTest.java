// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.viewkeeper.optimizer.Connections;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.retention.Retention;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class OptimizerTablesTest {
    private final SandboxDatabase where = PostgresServer.shared().migratedDatabase();

    /** As the optimizer's own role. */
    @Test
    void oldRowsOfEveryTableAreDeletedAndYoungerOnesStay() throws SQLException {
        where.execute(Role.OPTIMIZER, """
            insert into viewkeeper.processed_event (consumer, ce_id, processed_at)
            select 'optimizer', gen_random_uuid(), now() - n * interval '11 days' from generate_series(1, 4) n;
            insert into viewkeeper.refresh_inbox (
              event_id, type, view_schema, view_name, view_group, sequence, run_id, method, finished_at, received_at)
            select gen_random_uuid(), 't', 's', 'v', 'g', n, gen_random_uuid(), 'plain', now(), now() - n * interval '11 days'
            from generate_series(1, 4) n;
            insert into viewkeeper.statement (statement_id, text, kind, last_seen_at, analysis_id)
            values
              ('gone', '?', 'query', now() - interval '31 days', '00000000-0000-0000-0000-000000000001'),
              ('here', '?', 'query', now(), '00000000-0000-0000-0000-000000000002');
            insert into viewkeeper.query_analysis (analysis_id, statement_id, text, analyzed_at, outcome, database_ms)
            select ('00000000-0000-0000-0000-00000000000' || n)::uuid, case n when 1 then 'gone' else 'here' end, '?', now() - n * interval '31 days', 'planned', 0
            from generate_series(1, 3) n;
            insert into viewkeeper.query_finding (analysis_id, ordinal, rule, severity, what, advice)
            select analysis_id, 0, 'r', 'info', 'w', 'a' from viewkeeper.query_analysis;
            insert into viewkeeper.statement_window (statement_id, until_at, calls, total_ms, mean_ms, stddev_ms, rows, hit, read)
            select s, now() - n * interval '20 days', 1, 1, 1, 0, 0, 0, 0 from generate_series(1, 2) n, unnest(array['gone', 'here']) s;
            insert into viewkeeper.look (
              look_id, started_at, finished_at, instance, views, events, slow_statements, concerned, planned, executed,
              unexplained, postponed, regressions, statements_issued, database_ms)
            select gen_random_uuid(), t, t, 'i', '{}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
            from (select now() - n * interval '20 days' as t from generate_series(1, 3) n) x;
            """);
        where.execute(Role.OWNER, """
            insert into maintenance.index_maintenance_log (
              maintenance_time, action, object_schema, object_name, reason, status, instance)
            select now() - n * interval '60 days', 'reindex', 's', 'i', 'r', 'completed', 'i' from generate_series(1, 3) n;
            insert into maintenance.maintenance_request (requested_at) select now() - n * interval '60 days' from generate_series(1, 3) n
            """);
        assertThat(purge())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "processed_event", 2,
                        "refresh_inbox", 2,
                        // What is no longer seen, with its analysis; of what is, all but the newest.
                        "statement", 1,
                        "query_analysis", 2,
                        "statement_window", 1,
                        "look", 2,
                        "index_maintenance_log", 2,
                        "maintenance_request", 2));
        try (var connection = where.connect(Role.OPTIMIZER);
                var rows = connection.createStatement().executeQuery("select count(*) from viewkeeper.query_finding")) {
            rows.next();
            assertThat(rows.getLong(1)).isEqualTo(1);
        }
        assertThat(purge()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"processed-events, 7d, recognised", "analyses, 1h, compared", "maintenance-log, -1s, time"})
    void refusesToKeepTooLittle(String setting, String value, String reason) {
        var config = config(Map.of("viewkeeper.retention." + setting, value));
        assertThatThrownBy(() -> OptimizerTables.rules(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("viewkeeper.retention." + setting)
                .hasMessageContaining(reason);
    }

    private Map<String, Integer> purge() {
        var loop = new Loop("retention", new Loop.Limits(Await.PATIENCE, Await.PATIENCE));
        var retention = new Retention(
                Connections.as(Role.OPTIMIZER.roleName(), where), "optimizer", OptimizerTables.rules(config(Map.of())));
        var deleted = new HashMap<String, Integer>();
        loop.turn(turn -> deleted.putAll(retention.purge(turn)));
        assertThat(loop.failures()).isEmpty();
        return deleted;
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
