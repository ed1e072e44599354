// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.run.RefreshStep;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A refresh that really runs, in a backend that holds the view's lock, is followed and ended. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(CommandServers.class)
class CancelTest {
    private static final String LOCK =
            "select pg_advisory_xact_lock(hashtextextended('viewkeeper:\"sales\".\"slow\"', 0))";
    private static final String REFRESH = RefreshStep.MARK + " refresh materialized view sales.slow";

    @Nullable
    SandboxDatabase injectedDatabase;

    private Tables tables = new Tables();

    @BeforeEach
    void aSlowView() throws SQLException {
        tables = new Tables(injectedDatabase);
        tables.clear();
        requireNonNull(injectedDatabase).execute(Role.OWNER, """
                create schema if not exists sales;
                grant usage, create on schema sales to viewkeeper_refresher;
                """);
        requireNonNull(injectedDatabase).execute(Role.REFRESHER, """
                create materialized view if not exists sales.slow as select 1 as i from pg_sleep(3600) with no data;
                """);
        tables.view("sales", "slow", "sales");
    }

    @Test
    void whatRunsIsFollowedAndEnded() throws Exception {
        UUID run = tables.run("sales", "slow");
        given().get("/runs/" + run).then().body("state", equalTo("running")).body("phase", equalTo("starting"));
        try (var backend = tables.connect(Role.REFRESHER)) {
            var refresh = refreshing(backend);
            awaitPhase(run, "refreshing");
            given().get("/runs/" + run)
                    .then()
                    .body("expectedDurationMs", equalTo(4200))
                    .body("view", equalTo("sales.slow"));

            Http.post(ALICE, "/runs/" + run + "/cancel").then().statusCode(202).body("state", equalTo("cancelling"));

            assertThat(refresh.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("57014");
            assertThat(tables.value("select cancelled_by from viewkeeper.refresh_run"))
                    .isEqualTo("alice");
            given().get("/runs/" + run)
                    .then()
                    .body("phase", equalTo("being cancelled"))
                    .body("cancelledBy", equalTo("alice"));
        }
    }

    @Test
    void aWaitForALockIsTold() throws Exception {
        UUID run = tables.run("sales", "slow");
        try (var other = tables.connect(Role.REFRESHER);
                var backend = tables.connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            execute(other, "comment on materialized view sales.slow is 'busy'");
            int pid = pid(other);
            var refresh = refreshing(backend);
            awaitPhase(run, "waiting for a lock");
            given().get("/runs/" + run).then().body("blockedBy", hasItem(pid));
            Http.post(ALICE, "/runs/" + run + "/cancel").then().statusCode(202);
            assertThat(refresh.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("57014");
        }
    }

    @Test
    void nobodyElsesBackendIsEnded() throws Exception {
        UUID run = tables.run("sales", "slow");
        try (var other = tables.connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            execute(other, LOCK.replace("slow", "other"));
            var refresh = CompletableFuture.supplyAsync(() -> outcome(other, "select 7 from pg_sleep(1)"));
            Http.post(ALICE, "/runs/" + run + "/cancel").then().statusCode(202);
            assertThat(refresh.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("done");
        }
    }

    private static void awaitPhase(UUID run, String phase) {
        Await.until(phase, () -> phase.equals(given().get("/runs/" + run).path("phase")));
    }

    /** As the service does it: in a transaction that holds the view's lock. */
    private static CompletableFuture<String> refreshing(Connection backend) throws SQLException {
        backend.setAutoCommit(false);
        execute(backend, LOCK);
        return CompletableFuture.supplyAsync(() -> outcome(backend, REFRESH));
    }

    private static String outcome(Connection connection, String sql) {
        try {
            execute(connection, sql);
            return "done";
        } catch (SQLException ended) {
            return ended.getSQLState();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
