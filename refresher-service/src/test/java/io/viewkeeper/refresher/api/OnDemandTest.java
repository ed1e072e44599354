// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static io.viewkeeper.refresher.api.CommandServers.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.ServersWithCommands;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Commands and the loop together, from the request to the row in the log. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithCommands.class)
class OnDemandTest {
    @Nullable
    SandboxDatabase injectedDatabase;

    @Test
    void aRequestIsFollowedToItsRowInTheLog() {
        awaitThat("/views/demand.good", "lastStatus", "completed");
        String runId = Http.post(ALICE, "/views/demand.good/refreshes").path("runId");
        awaitThat("/runs/" + runId, "state", "completed");
        given().get("/runs/" + runId)
                .then()
                .body("trigger", equalTo("manual"))
                .body("requestedBy", equalTo("alice"))
                .body("result.method", equalTo("concurrent"))
                .body("result.dataAsOf", notNullValue());
        given().get("/views/demand.good").then().body("lastRunId", equalTo(runId));
        Http.post(ALICE, "/runs/" + runId + "/cancel").then().statusCode(409);
    }

    @Test
    void whatRunsIsEndedAndNotCountedAsAFailure() {
        Await.until("slow runs", () -> given().get("/views/demand.slow").path("runningRunId") != null);
        String runId = given().get("/views/demand.slow").path("runningRunId");
        awaitThat("/runs/" + runId, "phase", "refreshing");
        Http.post(BOB, "/runs/" + runId + "/cancel").then().statusCode(202);
        awaitThat("/runs/" + runId, "state", "failed");
        given().get("/runs/" + runId)
                .then()
                .body("result.errorCategory", equalTo("other"))
                .body("result.errorMessage", equalTo("cancelled by request"));
        given().get("/views/demand.slow")
                .then()
                .body("consecutiveFailures", equalTo(0))
                .body("runningRunId", equalTo(null));
    }

    @Test
    void aSuspendedViewIsLeftAloneUntilItIsResumed() {
        awaitThat("/views/demand.good", "lastStatus", "completed");
        Http.post(BOB, "/views/demand.good/suspend").then().statusCode(200);
        try {
            Http.post(ALICE, "/views/demand.good/refreshes").then().statusCode(409);
            assertThat(given().get("/views/demand.good").<Object>path("nextDueAt"))
                    .isNull();
        } finally {
            int before = given().get("/views/demand.good").path("sequence");
            Http.post(BOB, "/views/demand.good/resume").then().statusCode(200);
            Await.until("refreshed again", () -> {
                Integer sequence = given().get("/views/demand.good").path("sequence");
                return sequence != null && sequence > before;
            });
        }
        assertThat(
                        new Tables(injectedDatabase)
                                .column(
                                        "select payload->>'state' from viewkeeper.event_outbox"
                                                + " where aggregatetype = 'view-state' and aggregateid = 'demand.good' order by position"))
                .contains("suspended");
    }

    private static void awaitThat(String path, String field, String value) {
        Await.until(
                path + " " + field + "=" + value,
                () -> value.equals(given().get(path).path(field)));
    }
}
