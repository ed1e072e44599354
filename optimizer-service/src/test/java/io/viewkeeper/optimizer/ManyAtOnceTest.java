// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everybody has an answer or a refusal, however many ask, and whatever they send. */
@Tag("server")
@QuarkusTest
@WithTestResource(AnalysisServers.class)
class ManyAtOnceTest {
    private static final int MANY = 64;
    private static final Set<Integer> REFUSALS = Set.of(429, 503);

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private World world;
    private Service service;

    @BeforeEach
    void isReady() {
        world = World.of(config);
        service = new Service(http, management);
        Await.until("ready", service::isReady);
    }

    @Test
    void questionsWaitForEachOtherAndNotForThemselves() {
        var made = analysis();
        for (String path : List.of(
                "/analyses/" + made,
                "/statements?all=true&limit=1000",
                "/statements?view=shop.by_customer",
                "/findings?limit=1000",
                "/looks?limit=1000",
                "/refreshes?limit=1000")) {
            // Where the machine pauses for longer than an answer may take, there are refusals, and the next round has
            // none.
            Await.until(
                    MANY + " answers of " + path,
                    () -> atOnce(() -> service.get(http, path)).stream().allMatch(status -> status == 200));
        }
    }

    /** One that has findings, so that there is something to read beside it. */
    private String analysis() {
        var response = service.post(
                "/analyses",
                AnalysisServers.OPERATOR,
                "application/json",
                "{\"sql\": \"select * from shop.orders where note = 'x'\", \"analyze\": true}");
        assertThat(response.statusCode()).isEqualTo(201);
        return Service.tree(response.body()).path("analysisId").asText();
    }

    @Test
    void plansAreReviewedOrRefusedAndNobodyElseWaitsForThem() {
        String subplans = IntStream.range(0, 3_000)
                .mapToObj(i ->
                        ("{\"Node Type\": \"Result\", \"Parent Relationship\": \"InitPlan\", \"Subplan Name\": \"InitPlan %d"
                                        + " (returns $%d)\", \"Actual Total Time\": 5.5, \"Actual Rows\": 1, \"Actual Loops\": 1}")
                                .formatted(i, i))
                .collect(Collectors.joining(","));
        String plan =
                "[{\"Plan\": {\"Node Type\": \"Append\", \"Actual Total Time\": 9.5, \"Actual Rows\": 1, \"Actual Loops\": 1, \"Plans\": ["
                        + subplans + "]}}]";
        assertThat(atOnce(() -> service.post("/plans", null, "application/json", plan)))
                .allMatch(status -> status == 200 || REFUSALS.contains(status))
                .contains(200, 429);
        byte[] largest = (plan + " ".repeat(7_000_000)).getBytes(StandardCharsets.UTF_8);
        assertThat(atOnce(() -> service.post("/plans", null, "text/plain", largest)))
                .allMatch(status -> status == 200 || REFUSALS.contains(status))
                .contains(429);
        Await.until(
                "a plan",
                () -> service.post("/plans", null, "application/json", "[{\"Plan\": {\"Node Type\": \"Result\"}}]")
                                .statusCode()
                        == 200);
    }

    @Test
    void analysesAreMadeOrRefused() {
        String question = "{\"sql\": \"select %s from shop.orders\"}".formatted("id + ".repeat(100_000) + "1");
        assertThat(atOnce(() -> service.post("/analyses", AnalysisServers.READER, "application/json", question)))
                .allMatch(status -> status == 201 || REFUSALS.contains(status))
                .contains(429);
        Await.until(
                "an analysis",
                () -> service.post("/analyses", AnalysisServers.READER, "application/json", "{\"sql\": \"select 1\"}")
                                .statusCode()
                        == 201);
    }

    @Test
    void planningIsHeldByTheBudgetToo() throws SQLException {
        world.awaitNoLook();
        String question = "{\"sql\": \"select 1\"}";
        world.database()
                .execute(
                        Role.OPTIMIZER,
                        "insert into viewkeeper.analysis_spending (millis, spent_at) values (600000, now() + interval '1 hour')");
        var refused = service.post("/analyses", AnalysisServers.READER, "application/json", question);
        world.database().execute(Role.OPTIMIZER, "delete from viewkeeper.analysis_spending where millis = 600000");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("viewkeeper.optimizer.analysis.budget");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
        Await.until(
                "an analysis",
                () -> service.post("/analyses", AnalysisServers.READER, "application/json", question)
                                .statusCode()
                        == 201);
    }

    /** The statuses; whoever is refused is told why. */
    private static List<Integer> atOnce(Callable<HttpResponse<String>> call) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads
                    .invokeAll(IntStream.range(0, MANY).mapToObj(_ -> call).toList())
                    .stream()
                    .map(answer -> {
                        try {
                            var response = answer.get();
                            if (REFUSALS.contains(response.statusCode())) {
                                assertThat(response.body()).contains("\"message\"");
                            }
                            return response.statusCode();
                        } catch (InterruptedException | ExecutionException failure) {
                            throw new IllegalStateException(failure);
                        }
                    })
                    .toList();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }
}
