package io.viewkeeper.sandbox.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.Pooler;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** With the documented settings and no other the packaged services work behind a proxy that pools transactions. */
@Tag("server")
@Execution(ExecutionMode.CONCURRENT)
class BehindPoolerIT {
    private static final Map<String, String> DOCUMENTED =
            Map.of("quarkus.datasource.reactive.postgresql.use-layer7-proxy", "true");

    /** Fewer than a service has connections, so that one transaction's session is another's next. */
    private static final int BACKENDS = 3;

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @TempDir
    private Path directory;

    @Test
    void refreshesCommandsAndEventsGoOn() throws Exception {
        assumeTrue(Pooler.isInstalled(), "pgbouncer is not installed: apt-get install pgbouncer");
        createViews();
        try (var pooler = Pooler.start(database, BACKENDS, directory);
                var watch = EventWatch.start(KafkaServer.shared().bootstrapServers(), database.name());
                var refresher = start(pooler)) {
            refresher.awaitReady();
            Await.until(
                    "each view is refreshed by schedule, again and again",
                    () -> count("select min(event_sequence) from viewkeeper.view_state") >= 5);
            database.execute(Role.REFRESHER, "select viewkeeper.request_view_refresh('pooled.v0')");
            Await.until(
                    "a request by SQL is carried out",
                    () -> count("select count(*) from analytics.view_refresh_log where trigger = 'request'") > 0);
            String run = command(refresher, "/views/pooled.v1/refreshes")
                    .path("runId")
                    .asText();
            Await.until(
                    "a command over HTTP is carried out",
                    () -> count("select count(*) from analytics.view_refresh_log where run_id = '" + run + "'") > 0);
            long committed = count("select sum(event_sequence) from viewkeeper.view_state");
            Await.until("what was committed has reached Kafka", () -> watch.count() >= committed);
            assertThat(count("select count(*) from analytics.view_refresh_log where status = 'failed'"))
                    .isZero();
            assertThat(Files.readString(directory.resolve("refresher-service.log")))
                    .doesNotContain("prepared statement")
                    .doesNotContain("42P05")
                    .doesNotContain("ERROR");
        }
    }

    private void createViews() throws SQLException {
        database.execute(
                Role.OWNER, "create schema pooled; grant usage, create on schema pooled to viewkeeper_refresher");
        for (int view = 0; view < 5; view++) {
            database.execute(Role.REFRESHER, """
                    create materialized view pooled.v%1$d as select i, clock_timestamp() as at from generate_series(1, 100) i;
                    create unique index on pooled.v%1$d (i);
                    """.formatted(view));
        }
    }

    private RunningService start(Pooler pooler) throws IOException {
        var token = OperatorToken.create(directory);
        var settings = new HashMap<>(DOCUMENTED);
        settings.putAll(token.settings());
        settings.put("viewkeeper.topic-prefix", database.name());
        settings.put("viewkeeper.refresh.groups.g.views", "pooled.*");
        settings.put("viewkeeper.refresh.groups.g.interval", "1s");
        operator = token.token();
        var surroundings = new Surroundings(
                Installation.root(),
                Packaging.JVM,
                directory,
                pooler.database(),
                KafkaServer.shared().bootstrapServers());
        return RunningService.start(ServiceKind.REFRESHER, surroundings, settings);
    }

    private String operator = "";

    private com.fasterxml.jackson.databind.JsonNode command(RunningService refresher, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(refresher.url() + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + operator)
                .timeout(Await.PATIENCE);
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            return new ObjectMapper().readTree(answer.body());
        }
    }

    private long count(String sql) {
        try (var connection = database.connect(Role.OWNER);
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException wrong) {
            throw new IllegalStateException(sql, wrong);
        }
    }
}
