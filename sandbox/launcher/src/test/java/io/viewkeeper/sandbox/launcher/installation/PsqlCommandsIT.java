// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a database engineer types at psql, as the owner of the database. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class PsqlCommandsIT {
    private static final String BY_HAND = "REFRESH MATERIALIZED VIEW CONCURRENTLY claims_daily_summary";
    private static final String REQUEST = "SELECT refresh_realtime_views()";
    private static final String SLOWEST = "SELECT * FROM query_performance_monitor LIMIT 10";

    private static final String BY_REQUEST = """
            select l.view_name
            from analytics.view_refresh_log l
            where l.trigger = 'request' and l.status = 'completed' and l.started_at > ?
            """;

    private static Installation installation;

    @BeforeAll
    static void startEverything() throws Exception {
        installation = Installation.shared();
        Await.until(
                "the refresher knows every view",
                () -> Http.json(URI.create(
                                installation.service(ServiceKind.REFRESHER).url() + "/views"))
                        .filter(views -> views.size() == Installation.VIEWS.size())
                        .isPresent());
    }

    @Test
    void refreshesAViewByHand() throws SQLException {
        installation.database().execute(Role.OWNER, BY_HAND);
    }

    @Test
    void aRequestForAGroupIsFulfilledByTheRefresher() throws Exception {
        Instant before;
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.createStatement()) {
            try (var row = statement.executeQuery("select pg_catalog.clock_timestamp()")) {
                row.next();
                before = row.getTimestamp(1).toInstant();
            }
            statement.execute(REQUEST);
        }
        Await.until(
                () -> "the three views of the group, refreshed on request: " + refreshedByRequest(before),
                () -> refreshedByRequest(before).size() == 3);
        assertThat(refreshedByRequest(before)).allMatch(view -> view.endsWith("_realtime"));
    }

    @Test
    void thePerformanceMonitorHasTheColumnsOfTheSeed() throws SQLException {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(SLOWEST)) {
            var columns = new HashSet<String>();
            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                columns.add(rows.getMetaData().getColumnName(column));
            }
            assertThat(columns)
                    .contains(
                            "query_id",
                            "query_text",
                            "calls",
                            "total_time",
                            "mean_time",
                            "min_time",
                            "max_time",
                            "stddev_time",
                            "rows",
                            "hit_percent");
            assertThat(rows.next())
                    .as("something was executed more than ten times")
                    .isTrue();
        }
    }

    @Test
    void theSameCommandsWorkInPsql() throws IOException, InterruptedException {
        assumeTrue(isInstalled("psql"), "psql is not installed");
        for (var command : List.of(BY_HAND, REQUEST, SLOWEST)) {
            var psql = new ProcessBuilder(
                            "psql",
                            "--no-psqlrc",
                            "--set=ON_ERROR_STOP=1",
                            installation.database().libpqUrl(Role.OWNER),
                            "--command",
                            command)
                    .redirectErrorStream(true)
                    .start();
            var output = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(psql.waitFor()).as(command + ": " + output).isZero();
        }
    }

    private static Set<String> refreshedByRequest(Instant since) {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.prepareStatement(BY_REQUEST)) {
            statement.setTimestamp(1, Timestamp.from(since));
            try (var rows = statement.executeQuery()) {
                var views = new HashSet<String>();
                while (rows.next()) {
                    views.add(rows.getString(1));
                }
                return views;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
