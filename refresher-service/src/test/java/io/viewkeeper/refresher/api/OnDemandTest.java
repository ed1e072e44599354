package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static io.viewkeeper.refresher.api.CommandServers.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands and the loop together, from the request to the row in the log. */
@Tag("server")
@QuarkusTest
@WithTestResource(OnDemandTest.Working.class)
class OnDemandTest {
    @Nullable
    SandboxDatabase injectedDatabase;

    /** As {@link CommandServers}, with the loop running and two views, one of which takes minutes. */
    public static class Working extends CommandServers {
        @Override
        Map<String, String> loop() {
            try {
                database().execute(Role.OWNER, """
                        create schema sales;
                        grant usage, create on schema sales to viewkeeper_refresher;
                        """);
                database().execute(Role.REFRESHER, """
                        create materialized view sales.good as select i from generate_series(1, 10) i;
                        create unique index on sales.good (i);
                        create materialized view sales.slow as select 1 as i from pg_sleep(300) with no data;
                        create unique index on sales.slow (i);
                        """);
            } catch (SQLException refused) {
                throw new IllegalStateException(refused);
            }
            return Map.of("viewkeeper.refresh.groups.sales.plain-refresh", "unpopulated");
        }
    }

    @Test
    void aRequestIsFollowedToItsRowInTheLog() {
        awaitThat("/views/sales.good", "lastStatus", "completed");
        String runId = Http.post(ALICE, "/views/sales.good/refreshes").path("runId");
        awaitThat("/runs/" + runId, "state", "completed");
        given().get("/runs/" + runId)
                .then()
                .body("trigger", equalTo("manual"))
                .body("requestedBy", equalTo("alice"))
                .body("result.method", equalTo("concurrent"))
                .body("result.dataAsOf", notNullValue());
        given().get("/views/sales.good").then().body("lastRunId", equalTo(runId));
        Http.post(ALICE, "/runs/" + runId + "/cancel").then().statusCode(409);
    }

    @Test
    void whatRunsIsEndedAndNotCountedAsAFailure() {
        Awaitility.await("slow runs")
                .atMost(Duration.ofMinutes(1))
                .until(() -> given().get("/views/sales.slow").path("runningRunId") != null);
        String runId = given().get("/views/sales.slow").path("runningRunId");
        awaitThat("/runs/" + runId, "phase", "refreshing");
        Http.post(BOB, "/runs/" + runId + "/cancel").then().statusCode(202);
        awaitThat("/runs/" + runId, "state", "failed");
        given().get("/runs/" + runId)
                .then()
                .body("result.errorCategory", equalTo("other"))
                .body("result.errorMessage", equalTo("cancelled by request"));
        given().get("/views/sales.slow")
                .then()
                .body("consecutiveFailures", equalTo(0))
                .body("runningRunId", equalTo(null));
    }

    @Test
    void aSuspendedViewIsLeftAloneUntilItIsResumed() {
        awaitThat("/views/sales.good", "lastStatus", "completed");
        Http.post(BOB, "/views/sales.good/suspend").then().statusCode(200);
        try {
            Http.post(ALICE, "/views/sales.good/refreshes").then().statusCode(409);
            assertThat(given().get("/views/sales.good").<Object>path("nextDueAt"))
                    .isNull();
        } finally {
            int before = given().get("/views/sales.good").path("sequence");
            Http.post(BOB, "/views/sales.good/resume").then().statusCode(200);
            Awaitility.await("refreshed again")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> given().get("/views/sales.good").<Integer>path("sequence") > before);
        }
        assertThat(
                        new Tables(injectedDatabase)
                                .column(
                                        "select payload->>'state' from viewkeeper.event_outbox"
                                                + " where aggregatetype = 'view-state' and aggregateid = 'sales.good' order by position"))
                .contains("suspended");
    }

    private static void awaitThat(String path, String field, String value) {
        Awaitility.await(path + " " + field + "=" + value)
                .atMost(Duration.ofMinutes(1))
                .until(() -> value.equals(given().get(path).path(field)));
    }
}
