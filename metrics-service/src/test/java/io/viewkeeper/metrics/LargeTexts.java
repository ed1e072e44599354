// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What applications execute that write their values, or pages of comments, into their statements: 193 MB of texts. */
abstract class LargeTexts {
    private static final int STATEMENTS = 4_000;
    private static final int COLUMNS = 12;
    private static final String CALLS = "viewkeeper_statement_calls_total";
    private static final int LENGTH = 48_250;
    private static final ViewName WIDE = new ViewName("public", "wide");
    private static final List<String> COLLECTORS =
            List.of("statements", "tables", "buffers", "view_buffers", "view_reads", "views");

    @Inject
    Config config;

    @Inject
    Ticks ticks;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    /** A server of its own that keeps many statements; the collectors have the time that they have in production. */
    abstract static class Server extends TestServers {
        private final PostgresVersion version;
        private @Nullable PostgresServer server;

        Server(PostgresVersion version) {
            this.version = version;
        }

        @Override
        protected PostgresServer postgres() {
            server = PostgresServer.start(
                    PostgresOptions.version(version).withSettings(Map.of("pg_stat_statements.max", "10000")));
            return server;
        }

        @Override
        protected void prepare(World world, Map<String, String> settings) {
            settings.put("test.ticks", "true");
            settings.put("quarkus.datasource.statistics.reactive.additional-properties.statement_timeout", "2s");
            settings.put("viewkeeper.metrics.database.statistics-patience", "PT3S");
            try {
                world.database()
                        .execute(
                                Role.SUPERUSER,
                                "create materialized view public.wide as select "
                                        + IntStream.range(0, COLUMNS)
                                                .mapToObj("1 as c%d"::formatted)
                                                .collect(Collectors.joining(", ")));
            } catch (SQLException refused) {
                throw new IllegalStateException(refused);
            }
            world.discovered(WIDE);
        }

        @Override
        public void stop() {
            if (server != null) {
                server.close();
            }
        }
    }

    @Test
    void everyCollectorGoesOnAndEveryTextIsReadInTheEnd() {
        var statistics =
                new Statistics(new Service(http, management), World.of(config).database());
        Await.until("ready", statistics.service()::isReady);
        statistics.awaitFirstSampleOf("statements");
        Await.until("the first count", () -> reads(statistics) == 0);
        executeUnread(statistics);
        Await.until(() -> "reads of all texts, now " + reads(statistics), () -> {
            assertThat(COLLECTORS)
                    .allSatisfy(collector -> assertThat(
                                    statistics.value("viewkeeper_collector_success", "collector", collector))
                            .as(collector)
                            .isNotZero());
            return reads(statistics) == STATEMENTS;
        });
    }

    /** All texts are there when the first is asked for, or the collector would rest in between. */
    private void executeUnread(Statistics statistics) {
        double before = statistics.value(CALLS);
        ticks.hold(List.of("view_reads"));
        try {
            execute(statistics);
            statistics.await(CALLS, calls -> calls >= before + STATEMENTS);
        } finally {
            ticks.release(List.of("view_reads"));
        }
    }

    /** Each has other columns, and so is another statement. */
    private static void execute(Statistics statistics) {
        var comment = " /* " + "pages of it ".repeat(LENGTH / 12) + "*/ ";
        try (var connection = statistics.database().connect(Role.SUPERUSER);
                var statement = connection.createStatement()) {
            for (int i = 1; i <= STATEMENTS; i++) {
                int chosen = i;
                statement.execute("select "
                        + IntStream.range(0, COLUMNS)
                                .filter(column -> (chosen >> column & 1) == 1)
                                .mapToObj("c%d"::formatted)
                                .collect(Collectors.joining(", "))
                        + comment + "from public.wide");
            }
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static double reads(Statistics statistics) {
        return Double.parseDouble(statistics
                .service()
                .scrape()
                .getOrDefault(
                        "viewkeeper_view_reads_total{database=\"%s\",schema=\"public\",view=\"wide\"}"
                                .formatted(statistics.database().name()),
                        "NaN"));
    }
}
