// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static io.viewkeeper.refresher.api.CommandServers.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The same request sent again has one effect and one answer. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(CommandServers.class)
class IdempotencyTest {
    private static final String REFRESH = "/views/sales.good/refreshes";
    private static final int AT_ONCE = 8;

    @Nullable
    SandboxDatabase injectedDatabase;

    private Tables tables = new Tables();

    @BeforeEach
    void aView() {
        tables = new Tables(injectedDatabase);
        tables.clear();
        tables.view("sales", "good", "sales");
    }

    @Test
    void theSameKeyGetsTheStoredAnswer() {
        var first = post(ALICE, "k 1", REFRESH);
        first.then().statusCode(202).header("Idempotency-Replayed", (String) null);
        tables.update("update viewkeeper.view_state set pending_run_id = null, next_due_at = null");
        var again = post(ALICE, "k 1", REFRESH);
        again.then()
                .statusCode(202)
                .header("Idempotency-Replayed", "true")
                .header("Location", first.header("Location"))
                .body(equalTo(first.asString()));
        assertThat(tables.value("select next_due_at from viewkeeper.view_state"))
                .isNull();
        assertThat(commands()).isEqualTo("1");
    }

    @Test
    void aRefusalIsStoredToo() {
        post(ALICE, "k", "/views/sales.nothing/refreshes").then().statusCode(404);
        tables.view("sales", "nothing", "sales");
        post(ALICE, "k", "/views/sales.nothing/refreshes")
                .then()
                .statusCode(404)
                .header("Idempotency-Replayed", "true");
    }

    @Test
    void aKeyIsForOneThing() {
        post(ALICE, "k", REFRESH).then().statusCode(202);
        var before = tables.all();
        post(ALICE, "k", "/views/sales.good/suspend")
                .then()
                .statusCode(422)
                .body("message", containsString("refresh of view sales.good"));
        post(ALICE, "k", "/views/sales.other/refreshes").then().statusCode(422);
        assertThat(tables.all()).isEqualTo(before);
    }

    @Test
    void aKeyIsItsOwnersAlone() {
        post(ALICE, "k", REFRESH).then().statusCode(202).body("coalesced", equalTo(false));
        post(BOB, "k", REFRESH).then().statusCode(202).body("coalesced", equalTo(true));
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        var before = tables.all();
        for (var key : List.of("", "x".repeat(201), "a\tb", "schlüssel")) {
            post(ALICE, key, REFRESH).then().statusCode(400).body("message", containsString("Idempotency-Key"));
        }
        assertThat(tables.all()).isEqualTo(before);
        assertThat(commands()).isEqualTo("0");
        post(ALICE, "x".repeat(200), REFRESH).then().statusCode(202);
    }

    @Test
    void ofRequestsThatRaceOneIsCarriedOut() throws Exception {
        for (int round = 0; round < 10; round++) {
            tables.clear();
            tables.view("sales", "good", "sales");
            String key = UUID.randomUUID().toString();
            List<Response> answers = race(() -> post(ALICE, key, REFRESH));
            assertThat(answers).extracting(Response::statusCode).containsOnly(202);
            assertThat(answers)
                    .extracting(Response::asString)
                    .containsOnly(answers.getFirst().asString());
            assertThat(answers)
                    .filteredOn(answer -> answer.header("Idempotency-Replayed") == null)
                    .hasSize(1);
            assertThat(commands()).isEqualTo("1");
        }
    }

    /** Negative control: without a key all are carried out, so the race above is one. */
    @Test
    void withoutAKeyEachIsCarriedOut() throws Exception {
        List<Response> answers = race(() -> Http.post(ALICE, REFRESH));
        assertThat(answers)
                .filteredOn(answer -> !answer.<Boolean>path("coalesced"))
                .hasSize(1);
        assertThat(commands()).isEqualTo(String.valueOf(AT_ONCE));
    }

    private static List<Response> race(Supplier<Response> request) throws Exception {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var racing = new ArrayList<Future<Response>>();
            for (int i = 0; i < AT_ONCE; i++) {
                racing.add(threads.submit(() -> {
                    start.await();
                    return request.get();
                }));
            }
            start.countDown();
            var answers = new ArrayList<Response>();
            for (var one : racing) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    private @Nullable String commands() {
        return tables.value("select count(*) from viewkeeper.command_log");
    }

    private static Response post(String token, String key, String path) {
        return Http.served(() -> Http.by(token).header("Idempotency-Key", key).post(path));
    }
}
