// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.OperatorToken;
import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ScrapePage;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the documented settings and no other the packaged services work behind a proxy that pools transactions. */
@Tag("server")
@Tag("release")
class BehindPoolerIT {
    private static final Map<String, String> DOCUMENTED =
            Map.of("quarkus.datasource.reactive.postgresql.use-layer7-proxy", "true");

    /** Fewer than a service has connections, so that one transaction's session is another's next. */
    private static final int BACKENDS = 3;

    private static final int VIEWS = 5;

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @TempDir
    private Path directory;

    private String operator = "";

    @Test
    void refreshesCommandsEventsMetricsAndAnalysesGoOn() throws Exception {
        assumeTrue(Pooler.isInstalled(), "pgbouncer is not installed: apt-get install pgbouncer");
        createViews();
        var token = OperatorToken.create(directory);
        operator = token.token();
        try (var pooler = Pooler.start(database, BACKENDS, directory);
                var watch = EventWatch.start(KafkaServer.shared().bootstrapServers(), database.name());
                var refresher = start(ServiceKind.REFRESHER, pooler, token);
                var metrics = start(ServiceKind.METRICS, pooler, token);
                var optimizer = start(ServiceKind.OPTIMIZER, pooler, token)) {
            for (var service : List.of(refresher, metrics, optimizer)) {
                service.awaitReady();
            }
            refreshes(refresher, watch);
            metrics(metrics);
            analyses(optimizer);
            for (var service : List.of(refresher, metrics, optimizer)) {
                assertThat(log(service))
                        .as(service.kind().module())
                        .doesNotContain("prepared statement")
                        .doesNotContain("startup parameter")
                        .doesNotContain("42P05")
                        .doesNotContain("ERROR");
            }
        }
    }

    private void refreshes(RunningService refresher, EventWatch watch) throws Exception {
        Await.until(
                "each view is refreshed by schedule, again and again",
                () -> count("select min(event_sequence) from viewkeeper.view_state") >= 5);
        database.execute(Role.REFRESHER, "select viewkeeper.request_view_refresh('pooled.v0')");
        Await.until(
                "a request by SQL is carried out",
                () -> count("select count(*) from analytics.view_refresh_log where trigger = 'request'") > 0);
        var answer = post(refresher, "/views/pooled.v1/refreshes", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String run = new ObjectMapper().readTree(answer.body()).path("runId").asText();
        Await.until(
                "a command over HTTP is carried out",
                () -> count("select count(*) from analytics.view_refresh_log where run_id = '" + run + "'") > 0);
        long committed = count("select sum(event_sequence) from viewkeeper.view_state");
        Await.until("what was committed has reached Kafka", () -> watch.count() >= committed);
        assertThat(count("select count(*) from analytics.view_refresh_log where status = 'failed'"))
                .isZero();
    }

    /** What a session cannot keep is in force all the same: a collector waits for a lock no longer than it may. */
    private void metrics(RunningService metrics) throws Exception {
        Await.until(
                "each collector has succeeded",
                () -> collectorsThatFail(metrics).isEmpty());
        Await.until(
                "ages of all views",
                () -> scraped(metrics).named("view_staleness_minutes").size() >= VIEWS);
        try (var blocker = database.connect(Role.OWNER)) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table viewkeeper.view_state in access exclusive mode");
            Await.until("the lock timeout", () -> log(metrics).contains("SQLSTATE 55P03"));
        }
        Await.until(
                "each collector succeeds again",
                () -> collectorsThatFail(metrics).isEmpty());
    }

    private static List<String> collectorsThatFail(RunningService metrics) {
        var success = scraped(metrics).named("viewkeeper_collector_success");
        assertThat(success).hasSizeGreaterThan(3);
        return success.entrySet().stream()
                .filter(collector -> collector.getValue() != 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static ScrapePage scraped(RunningService metrics) {
        return ScrapePage.of(Http.text(URI.create(metrics.managementUrl() + "/q/metrics")));
    }

    private void analyses(RunningService optimizer) throws Exception {
        Await.until(
                "events have arrived",
                () -> Http.text(URI.create(optimizer.url() + "/refreshes?view=pooled.v0"))
                        .contains("eventId"));
        var answer = post(
                optimizer,
                "/analyses",
                "{\"sql\": \"select * from pooled.readings where i = $1\", \"parameters\": [\"7\"], \"analyze\": true}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).contains("\"outcome\":\"executed\"");
        Await.until(
                "a look",
                () -> Http.text(URI.create(optimizer.url() + "/looks")).contains("statementsIssued"));
    }

    private void createViews() throws SQLException {
        database.execute(
                Role.OWNER,
                "create schema pooled; grant usage, create on schema pooled to viewkeeper_refresher;"
                        + " grant usage on schema pooled to viewkeeper_optimizer;"
                        + " create table pooled.readings as select i from generate_series(1, 100) i;"
                        + " grant select on pooled.readings to viewkeeper_optimizer");
        for (int view = 0; view < VIEWS; view++) {
            database.execute(Role.REFRESHER, """
                    create materialized view pooled.v%1$d as select i, clock_timestamp() as at from generate_series(1, 100) i;
                    create unique index on pooled.v%1$d (i);
                    grant select on pooled.v%1$d to viewkeeper_optimizer;
                    """.formatted(view));
        }
    }

    private RunningService start(ServiceKind kind, Pooler pooler, OperatorToken token) {
        var settings = new HashMap<>(DOCUMENTED);
        settings.putAll(token.settings());
        settings.put("viewkeeper.topic-prefix", database.name());
        settings.put("viewkeeper.refresh.groups.g.views", "pooled.*");
        settings.put("viewkeeper.refresh.groups.g.interval", "1s");
        var surroundings = new Surroundings(
                Installation.root(),
                Packaging.JVM,
                directory,
                pooler.database(),
                KafkaServer.shared().bootstrapServers());
        return RunningService.start(kind, surroundings, settings);
    }

    private HttpResponse<String> post(RunningService service, String path, String json) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .header("Authorization", "Bearer " + operator)
                .header("Content-Type", "application/json")
                .timeout(Await.PATIENCE);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private String log(RunningService service) throws IOException {
        return Files.readString(directory.resolve(service.kind().module() + ".log"));
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
