// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static io.viewkeeper.refresher.api.CommandServers.BOB;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What commands do to the tables, and what they answer. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(CommandServers.class)
class CommandsTest {
    private static final String STATE = "from viewkeeper.view_state where view_schema = 'sales' and view_name = 'good'";

    @Nullable
    SandboxDatabase injectedDatabase;

    private Tables tables = new Tables();

    @BeforeEach
    void twoViews() {
        tables = new Tables(injectedDatabase);
        tables.clear();
        tables.view("sales", "good", "sales");
        tables.view("sales", "Ünlikely.\"name", "sales");
    }

    @Test
    void aRequestMakesTheViewDueAndNamesItsRun() {
        var answer = Http.post(ALICE, "/views/sales.good/refreshes");
        answer.then()
                .statusCode(202)
                .body("view", equalTo("sales.good"))
                .body("state", equalTo("pending"))
                .body("coalesced", equalTo(false));
        String runId = answer.path("runId");
        assertThat(answer.header("Location")).endsWith("/runs/" + runId);
        assertThat(tables.value(
                        "select pending_run_id || ' ' || due_trigger || ' ' || requested_by || ' ' || (next_due_at <= now()) "
                                + STATE))
                .isEqualTo(runId + " manual alice true");
        given().get(requireNonNull(answer.header("Location")))
                .then()
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("group", equalTo("sales"))
                .body("trigger", equalTo("manual"))
                .body("requestedBy", equalTo("alice"))
                .body("startedAt", nullValue());
        assertThat(
                        tables.column(
                                "select commanded_by || ' ' || action || ' ' || target || ' ' || status from viewkeeper.command_log"))
                .containsExactly("alice refresh view sales.good 202");
    }

    @Test
    void aSecondRequestJoinsTheFirst() {
        String first = Http.post(ALICE, "/views/sales.good/refreshes").path("runId");
        Http.post(BOB, "/views/sales.good/refreshes")
                .then()
                .statusCode(202)
                .body("runId", equalTo(first))
                .body("coalesced", equalTo(true));
        assertThat(tables.value("select requested_by " + STATE)).isEqualTo("alice");
    }

    @Test
    void aViewThatRunsMayHaveAPendingRunBesides() {
        UUID running = tables.run("sales", "good");
        String pending = Http.post(ALICE, "/views/sales.good/refreshes").path("runId");
        assertThat(pending).isNotEqualTo(running.toString());
        given().get("/views/sales.good")
                .then()
                .body("runningRunId", equalTo(running.toString()))
                .body("pendingRunId", equalTo(pending));
    }

    @Test
    void namesWithDotsAndQuotesAreReached() {
        Http.post(ALICE, "/views/sales.%22%C3%9Cnlikely.%22%22name%22/refreshes")
                .then()
                .statusCode(202)
                .body("view", equalTo("sales.\"Ünlikely.\"\"name\""));
    }

    @Test
    void aViewThatCannotBeRefreshedIsRefusedWithTheReason() {
        tables.update("update viewkeeper.view_state set refusal = 'not_concurrent_capable: no unique index'");
        refusedBecause("no unique index");
        tables.update("update viewkeeper.view_state set refusal = null, suspended_at = now()");
        refusedBecause("by its failures");
        tables.update("update viewkeeper.view_state set suspended_at = null, view_group = null");
        refusedBecause("no group");
        assertThat(tables.value("select pending_run_id " + STATE)).isNull();
    }

    private static void refusedBecause(String reason) {
        Http.post(ALICE, "/views/sales.good/refreshes").then().statusCode(409).body("message", containsString(reason));
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        Http.post(ALICE, "/views/sales.nothing/refreshes")
                .then()
                .statusCode(404)
                .body("message", containsString("GET /views"));
        Http.post(ALICE, "/groups/nothing/refreshes").then().statusCode(404).body("message", containsString("sales"));
        Http.post(ALICE, "/runs/" + UUID.randomUUID() + "/cancel").then().statusCode(404);
        given().get("/runs/" + UUID.randomUUID()).then().statusCode(404);
        tables.update("update viewkeeper.view_state set dropped_at = now()");
        Http.post(ALICE, "/views/sales.good/refreshes").then().statusCode(404);
        Http.post(ALICE, "/views/sales.good/suspend").then().statusCode(404);
    }

    @Test
    void aGroupIsRefreshedButForThoseThatCannotBe() {
        tables.update(
                "update viewkeeper.view_state set suspended_at = now(), suspended_by = 'bob' where view_name <> 'good'");
        Http.post(ALICE, "/groups/sales/refreshes")
                .then()
                .statusCode(202)
                .body("group", equalTo("sales"))
                .body("runs.view", equalTo(List.of("sales.good")))
                .body("leftOut[0].view", equalTo("sales.\"Ünlikely.\"\"name\""))
                .body("leftOut[0].reason", containsString("by bob"));
        given().get("/groups")
                .then()
                .statusCode(200)
                .body("[0].group", equalTo("sales"))
                .body("[0].views", equalTo(2))
                .body("[0].pending", equalTo(1))
                .body("[0].suspended", equalTo(1));
        tables.update("update viewkeeper.view_state set suspended_at = now()");
        Http.post(ALICE, "/groups/sales/refreshes").then().statusCode(409).body("leftOut.size()", equalTo(2));
    }

    @Test
    void aGroupIsSuspendedAndResumedAsAWhole() {
        tables.update("update viewkeeper.view_state set suspended_at = now() where view_name <> 'good'");
        Http.by(BOB)
                .contentType("application/json")
                .body("{\"reason\":\"migration of the ledger\"}")
                .post("/groups/sales/suspend")
                .then()
                .statusCode(200)
                .body("suspendedBy", equalTo("bob"))
                .body("views", equalTo(List.of("sales.good", "sales.\"Ünlikely.\"\"name\"")));
        given().get("/views/sales.good").then().body("suspendedReason", equalTo("migration of the ledger"));
        assertThat(tables.value("select count(*) from viewkeeper.view_state where suspended_by = 'bob'"))
                .isEqualTo("2");
        tables.update(
                "update viewkeeper.view_state set suspended_at = null, suspended_by = null where view_name = 'good'");
        Http.post(ALICE, "/groups/sales/resume")
                .then()
                .statusCode(200)
                .body("views.view", equalTo(List.of("sales.good", "sales.\"Ünlikely.\"\"name\"")))
                .body("views.wasSuspended", equalTo(List.of(false, true)));
        assertThat(tables.value("select count(*) from viewkeeper.view_state where suspended_at is not null"))
                .isEqualTo("0");
        for (String command : List.of("suspend", "resume")) {
            Http.post(ALICE, "/groups/nothing/" + command)
                    .then()
                    .statusCode(404)
                    .body("message", containsString("sales"));
            given().post("/groups/sales/" + command).then().statusCode(401);
        }
    }

    @Test
    void aSuspendedViewIsNotDueUntilItIsResumed() {
        String forgotten = Http.post(ALICE, "/views/sales.good/refreshes").path("runId");
        Http.by(BOB)
                .contentType("application/json")
                .body("{\"reason\":\"migration of the ledger\"}")
                .post("/views/sales.good/suspend")
                .then()
                .statusCode(200)
                .body("suspendedBy", equalTo("bob"))
                .body("forgottenRunId", equalTo(forgotten));
        given().get("/runs/" + forgotten).then().statusCode(404);
        given().get("/views/sales.good")
                .then()
                .body("suspendedBy", equalTo("bob"))
                .body("suspendedReason", equalTo("migration of the ledger"))
                .body("nextDueAt", nullValue());
        tables.update("update viewkeeper.view_state set consecutive_failures = 7");
        Http.post(ALICE, "/views/sales.good/resume").then().statusCode(200).body("wasSuspended", equalTo(true));
        assertThat(tables.value(
                        "select consecutive_failures || ' ' || (next_due_at <= now()) || ' ' || (suspended_at is null) "
                                + STATE))
                .isEqualTo("0 true true");
        Http.post(ALICE, "/views/sales.good/resume").then().statusCode(200).body("wasSuspended", equalTo(false));
    }

    @Test
    void aPendingRunThatIsCancelledLeavesTheRegularScheduleInForce() {
        String regular = tables.value("select last_started_at + interval '1 hour' " + STATE);
        String runId = Http.post(ALICE, "/views/sales.good/refreshes").path("runId");
        Http.post(ALICE, "/runs/" + runId + "/cancel").then().statusCode(200).body("state", equalTo("forgotten"));
        assertThat(tables.value("select next_due_at " + STATE)).isEqualTo(regular);
        assertThat(tables.value(
                        "select due_trigger || coalesce(requested_by, '') || coalesce(pending_run_id::text, '') "
                                + STATE))
                .isEqualTo("schedule");
        given().get("/runs/" + runId).then().statusCode(404);
    }

    @Test
    void aFinishedRunTellsHowItEndedAndIsTooLateToCancel() {
        var id = UUID.randomUUID();
        tables.update("""
                insert into analytics.view_refresh_log (
                  run_id, view_schema, view_name, view_oid, view_group, trigger, method, status, scheduled_at, started_at,
                  refresh_time, duration_ms, lock_wait_ms, error_category, sqlstate, error_message, attempt, sequence,
                  instance, requested_by)
                values (
                  ?::uuid, 'sales', 'good', 1, 'sales', 'manual', 'concurrent', 'failed', now(), now(),
                  now(), 12, 0, 'other', '22012', 'division by zero', 2, 1, 'refresher-0', 'alice')
                """, id.toString());
        given().get("/runs/" + id)
                .then()
                .statusCode(200)
                .body("state", equalTo("failed"))
                .body("attempt", equalTo(2))
                .body("elapsedMs", equalTo(12))
                .body("result.sqlState", equalTo("22012"))
                .body("result.requestedBy", equalTo("alice"));
        Http.post(ALICE, "/runs/" + id + "/cancel").then().statusCode(409).body("message", containsString("failed"));
    }
}
