// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.ServersWithManyViews.VIEWS;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.refresher.ServersWithManyViews;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Crowd;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Everybody has an answer or a refusal, however many ask for whatever the service offers, and refreshes go on meanwhile. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithManyViews.class)
class ManyAtOnceTest {
    private static final int MANY = 64;
    private static final int LARGEST_BODY = 8 * 1024;
    private static final Set<Integer> ANSWERS = Set.of(200, 202, 404, 409);
    private static final Set<Integer> REFUSALS = Set.of(429, 503);

    @Nullable
    SandboxDatabase injectedDatabase;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    @Test
    void everybodyHasAnAnswerOrARefusalAndTheLoopsKeepTheirPace() throws Exception {
        Await.until("all are known, and one was refreshed", () -> number("""
                select count(*) from viewkeeper.view_state where view_schema = 'many'""") == VIEWS && number("""
                select max(event_sequence) from viewkeeper.view_state where view_schema = 'many' and view_name = 'v1'""") > 0);
        String runId = given().get("/views/many.v1").path("lastRunId");
        long refreshes = refreshes();
        var heartbeat = heartbeat();
        do {
            for (var request : requests(runId)) {
                assertAnswered(request, Crowd.ask(MANY, request));
            }
        } while (refreshes() < refreshes + 3 || !heartbeat().isAfter(heartbeat));
        assertThat(number("select count(*) from analytics.view_refresh_log where error_category = 'orphaned'"))
                .isZero();
        assertThat(
                        number(
                                "select count(*) from viewkeeper.view_state where view_schema = 'many' and suspended_at is null"))
                .as("what was said last holds")
                .isEqualTo(VIEWS);
    }

    private static void assertAnswered(HttpRequest request, List<HttpResponse<String>> answers) {
        for (var answer : answers) {
            String what = request.method() + " " + request.uri() + " " + answer.statusCode() + " " + answer.body();
            if (REFUSALS.contains(answer.statusCode())) {
                assertThat(answer.body()).as(what).contains("\"message\":");
                assertThat(answer.headers().firstValue("Retry-After")).as(what).isPresent();
            } else {
                assertThat(answer.statusCode()).as(what).isIn(ANSWERS);
            }
        }
        assertThat(answers).as(request.uri().toString()).anyMatch(answer -> ANSWERS.contains(answer.statusCode()));
    }

    /** Of all that the service says it offers, commands with the largest body that they take; suspensions before their ends. */
    private List<HttpRequest> requests(String runId) throws Exception {
        var requests = new ArrayList<HttpRequest>();
        for (String path : List.of("q/health", "q/health/live", "q/health/ready", "q/metrics")) {
            requests.add(HttpRequest.newBuilder(management.resolve("/" + path)).build());
        }
        JsonNode described = new ObjectMapper()
                .readTree(given().get("/q/openapi?format=json").asString());
        described
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String filled = path.getKey()
                            .replace("{view}", "many.v1")
                            .replace("{group}", "many")
                            .replace("{id}", runId);
                    boolean limited = operation
                            .getValue()
                            .path("parameters")
                            .findValuesAsText("name")
                            .contains("limit");
                    var request = HttpRequest.newBuilder(http.resolve(filled + (limited ? "?limit=1000" : "")))
                            .header("Authorization", "Bearer " + ALICE)
                            .header("Content-Type", "application/json");
                    switch (operation.getKey()) {
                        case "get" -> requests.add(request.build());
                        case "post" ->
                            requests.add(request.POST(BodyPublishers.ofString("{}" + " ".repeat(LARGEST_BODY - 2)))
                                    .build());
                        default -> throw new AssertionError("nobody has thought of " + operation.getKey());
                    }
                }));
        assertThat(requests).hasSizeGreaterThan(12);
        requests.sort((one, other) -> Boolean.compare(isResume(one), isResume(other)));
        return requests;
    }

    private static boolean isResume(HttpRequest request) {
        return request.uri().getPath().endsWith("/resume");
    }

    @Test
    void whatIsTooLargeIsRefusedWithASentence() {
        var request = HttpRequest.newBuilder(http.resolve("/views/many.v1/suspend"))
                .header("Authorization", "Bearer " + ALICE)
                .header("Content-Type", "application/json");
        request.POST(BodyPublishers.ofString(" ".repeat(LARGEST_BODY + 1)));
        assertThat(Crowd.ask(MANY, request.build())).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("\"message\":").contains("8192 bytes");
        });
    }

    @Test
    void terminatedSessionsAreLinesAndNoStackTraces() throws Exception {
        Await.until("it refreshes", () -> refreshes() > 0);
        try (var log = new LogLines()) {
            for (int round = 0; round < 3; round++) {
                long before = refreshes();
                assertThat(number("""
                        select count(pg_terminate_backend(pid))
                        from pg_stat_activity
                        where usename = 'viewkeeper_refresher' and datname = current_database()""", Role.SUPERUSER)).isPositive();
                Await.until("it refreshes again", () -> refreshes() > before);
            }
            assertThat(log.lines())
                    .noneMatch(line -> line.startsWith("ERROR") || line.contains("\n"))
                    .filteredOn(line -> line.contains("degraded"))
                    .hasSizeLessThanOrEqualTo(6);
        }
    }

    private long refreshes() throws SQLException {
        return number("select coalesce(max(event_sequence), 0) from viewkeeper.view_state where view_name = 'good'");
    }

    private Instant heartbeat() throws SQLException {
        return Instant.ofEpochMilli(number(
                "select (extract(epoch from max(heartbeat_at)) * 1000)::bigint from viewkeeper.refresher_process"));
    }

    private long number(String sql) throws SQLException {
        return number(sql, Role.OWNER);
    }

    private long number(String sql, Role role) throws SQLException {
        try (var connection = requireNonNull(injectedDatabase).connect(role);
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
