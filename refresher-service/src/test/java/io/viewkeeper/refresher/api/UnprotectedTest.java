// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.ServersWithoutTick;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Where nothing is configured by which callers could prove who they are, nobody changes anything. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithoutTick.class)
class UnprotectedTest {
    private static final String OF_THE_VIEW = """
        select s::text from viewkeeper.view_state s where view_schema = 'sales' and view_name = 'good'
        union all select r::text from viewkeeper.refresh_run r where view_schema = 'sales' and view_name = 'good'
        union all select l::text from analytics.view_refresh_log l where view_schema = 'sales' and view_name = 'good'
        order by 1
        """;

    @Nullable
    SandboxDatabase injectedDatabase;

    @Test
    void everyCommandIsRefusedAndSaysWhatToSet() {
        var tables = new Tables(injectedDatabase);
        Await.until("the service has refreshed the view and rests", () -> {
            var view = given().get("/views/sales.good");
            return "completed".equals(view.path("lastStatus")) && view.path("runningRunId") == null;
        });
        var before = tables.column(OF_THE_VIEW);
        for (var path : List.of("refreshes", "suspend", "resume")) {
            given().post("/views/sales.good/" + path)
                    .then()
                    .statusCode(403)
                    .body("message", containsString("viewkeeper.security.operator-token-file"))
                    .body("message", containsString("QUARKUS_OIDC_TENANT_ENABLED"));
            Http.post(ALICE, "/views/sales.good/" + path).then().statusCode(403);
        }
        given().post("/groups/sales/refreshes").then().statusCode(403);
        assertThat(tables.column(OF_THE_VIEW)).isEqualTo(before);
        assertThat(tables.column("select action from viewkeeper.command_log")).isEmpty();
        given().get("/views/sales.good").then().statusCode(200);
    }
}
