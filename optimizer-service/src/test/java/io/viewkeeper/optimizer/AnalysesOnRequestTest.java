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
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people ask over HTTP: analyses of statements, and of plans that they bring. */
@Tag("server")
@QuarkusTest
@WithTestResource(AnalysisServers.class)
class AnalysesOnRequestTest {
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
    void aPlanIsForReadersAndAnExecutionForOperators() {
        String plain = "{\"sql\": \"select count(*) from shop.orders\"}";
        String executed = "{\"sql\": \"select count(*) from shop.orders\", \"analyze\": true}";
        assertThat(service.post("/analyses", null, "application/json", plain).statusCode())
                .isEqualTo(401);
        assertThat(service.post("/analyses", "not-a-token-of-anybody", "application/json", plain)
                        .statusCode())
                .isEqualTo(401);
        var byReader = answer(AnalysisServers.READER, "application/json", plain, "\"outcome\":\"planned\"");
        assertThat(byReader.statusCode()).isEqualTo(201);
        assertThat(Service.tree(byReader.body()).path("outcome").asText()).isEqualTo("planned");
        var refused = service.post("/analyses", AnalysisServers.READER, "application/json", executed);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("rita lacks the role operator");
        world.awaitNoLook();
        var byOperator = answer(AnalysisServers.OPERATOR, "text/plain", executed, "executed in");
        assertThat(byOperator.statusCode()).isEqualTo(201);
        assertThat(byOperator.body()).contains("orders");
    }

    /** The server ends a session in which this JVM pauses for long, and a question may be asked again. */
    private HttpResponse<String> answer(String token, String accept, String question, String expected) {
        var answer = new AtomicReference<>(service.post("/analyses", token, accept, question));
        Await.until(() -> expected + " in " + answer.get().body(), () -> {
            if (!answer.get().body().contains(expected)) {
                answer.set(service.post("/analyses", token, accept, question));
            }
            return answer.get().body().contains(expected);
        });
        return answer.get();
    }

    @Test
    void aQuestionThatIsNoneIsAnsweredWithASentence() {
        for (String body : List.of(
                "",
                "[]",
                "{}",
                "{\"sql\": 1}",
                "{\"sql\": \" \"}",
                "{\"sql\": \"select 1\", \"analyze\": \"yes\"}",
                "{\"sql\": \"select $1\", \"parameters\": [[1]]}",
                "{\"sql\": \"select 1\", \"other\": 1}")) {
            var response = service.post("/analyses", AnalysisServers.OPERATOR, "application/json", body);
            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(response.body()).contains("\"message\"");
        }
        assertThat(service.get(http, "/analyses/none").statusCode()).isEqualTo(400);
        assertThat(service.get(http, "/analyses/" + UUID.randomUUID()).statusCode())
                .isEqualTo(404);
        assertThat(service.get(http, "/statements/" + "0".repeat(32)).statusCode())
                .isEqualTo(404);
        assertThat(service.get(http, "/statements/xyz").statusCode()).isEqualTo(400);
        assertThat(service.get(http, "/statements?all=perhaps").statusCode()).isEqualTo(400);
    }

    @Test
    void whatNoServerCanTakeIsAnsweredAllTheSame() {
        for (String sql : List.of(
                "select \\u0000 from shop.orders",
                "select '\\u0000'",
                "select \\ud800",
                "(".repeat(100_000),
                "select 1 as " + "x".repeat(3_000_000))) {
            var response = service.post(
                    "/analyses",
                    AnalysisServers.OPERATOR,
                    "application/json",
                    "{\"sql\": \"" + sql + "\", \"analyze\": true}");
            assertThat(response.statusCode()).isEqualTo(201);
            var analysis = Service.tree(response.body());
            assertThat(analysis.path("outcome").asText()).isIn("unexplained", "refused", "planned", "executed");
            assertThat(analysis.path("text").asText().length()).isLessThan(60_000);
        }
        assertThat(service.isReady()).isTrue();
    }

    @Test
    void aPlanThatSomebodyBringsIsReviewedWithoutATokenAndKeptNowhere() throws SQLException {
        long before = world.count("select count(*) from viewkeeper.query_analysis where requested_by is not null");
        String plan = explain("select * from shop.orders where note = 'marked-4718'");
        var review = service.post("/plans", null, "application/json", plan);
        assertThat(review.statusCode()).isEqualTo(200);
        var first = Service.tree(review.body()).get(0);
        assertThat(first.path("analyzed").asBoolean()).isTrue();
        assertThat(first.path("findings").get(0).path("rule").asText()).isEqualTo("seq-scan-filters-most");
        var page = service.post("/plans", null, "text/plain", plan);
        assertThat(page.body())
                .contains("Seq Scan")
                .contains("seq-scan-filters-most")
                .doesNotContain("marked-");
        var broken = service.post("/plans", null, "application/json", plan.substring(0, plan.length() / 2));
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body())
                .contains("line ")
                .contains("explain (analyze, ")
                .doesNotContain("marked-");
        assertThat(service.post("/plans", null, "text/plain", "hello").body())
                .startsWith("This is no plan: at the top: ");
        assertThat(service.page("/findings?limit=0"))
                .isEqualTo("The parameter limit must be a whole number from 1 to 1000.");
        aPlanIsReviewedWhateverItsContentType(plan);
        assertThat(world.count("select count(*) from viewkeeper.query_analysis where requested_by is not null"))
                .isEqualTo(before);
    }

    @Test
    void whatStatementsAndPlansNeededIsCounted() {
        double casts = repairs("literal-casts");
        double frames = repairs("frame");
        answer(
                AnalysisServers.READER,
                "application/json",
                "{\"sql\": \"select count(*) from shop.orders where date $1 > date $2\"}",
                "\"outcome\":\"planned\"");
        assertThat(repairs("literal-casts")).isGreaterThan(casts);
        service.postAs(
                "text/plain",
                "/plans",
                "```\nSeq Scan on orders  (cost=0.00..9.00 rows=1 width=4)\n```\n".getBytes(StandardCharsets.UTF_8));
        assertThat(repairs("frame")).isEqualTo(frames + 1);
    }

    private double repairs(String kind) {
        return service.get(management, "/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("viewkeeper_optimizer_repairs_total{")
                        && line.contains("repair=\"" + kind + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** As curl sends it, which knows nothing of plans. */
    private void aPlanIsReviewedWhateverItsContentType(String plan) {
        String encoded = "plan=" + URLEncoder.encode(plan, StandardCharsets.UTF_8);
        byte[] ofWindows = ("\ufeff" + plan).getBytes(StandardCharsets.UTF_16LE);
        for (String type :
                List.of("application/x-www-form-urlencoded", "text/plain; charset=utf-8", "image/png", "*")) {
            for (byte[] body : List.of(
                    plan.getBytes(StandardCharsets.UTF_8), encoded.getBytes(StandardCharsets.UTF_8), ofWindows)) {
                var review = service.postAs(type, "/plans", body);
                assertThat(review.statusCode()).as(type + ": " + review.body()).isEqualTo(200);
                assertThat(Service.tree(review.body())).hasSize(1);
            }
            for (String none : List.of("", "  ", "hello", "%zz", "plan=%5B")) {
                var refusal = service.postAs(type, "/plans", none.getBytes(StandardCharsets.UTF_8));
                assertThat(refusal.statusCode()).as(type + ": " + none).isEqualTo(400);
                assertThat(refusal.body()).contains("This is no plan: ").contains("explain (analyze, buffers, ");
            }
        }
        var text = service.postAs("application/x-www-form-urlencoded", "/plans", """
                Seq Scan on orders  (cost=0.00..9.00 rows=1 width=4) (actual time=0.010..80.000 rows=1 loops=1)
                  Filter: (note = 'marked-text'::text)
                  Rows Removed by Filter: 500000
                Execution Time: 80.100 ms
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(text.statusCode()).isEqualTo(200);
        assertThat(text.body()).contains("Seq Scan").doesNotContain("marked-");
    }

    /** Measured in a server that did not stand still meanwhile. */
    private String explain(String sql) {
        var plan = new AtomicReference<>("");
        Await.until("a plan made in a moment", () -> {
            long began = System.nanoTime();
            plan.set(explainOnce(sql));
            return Duration.ofNanos(System.nanoTime() - began).toSeconds() < 5;
        });
        return plan.get();
    }

    private String explainOnce(String sql) throws SQLException {
        try (var connection = world.database().connect(Role.OWNER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("explain (analyze, buffers, verbose, format json) " + sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
