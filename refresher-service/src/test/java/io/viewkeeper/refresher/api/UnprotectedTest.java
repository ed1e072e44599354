package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where nothing is configured by which callers could prove who they are, nobody changes anything. */
@Tag("server")
@QuarkusTest
@WithTestResource(CommandServers.Unprotected.class)
class UnprotectedTest {
    @Nullable
    SandboxDatabase injectedDatabase;

    @Test
    void everyCommandIsRefusedAndSaysWhatToSet() {
        var tables = new Tables(injectedDatabase);
        tables.view("sales", "good", "sales");
        var before = tables.all();
        for (var path : List.of("refreshes", "suspend", "resume")) {
            given().post("/views/sales.good/" + path)
                    .then()
                    .statusCode(403)
                    .body("message", containsString("viewkeeper.security.operator-token-file"))
                    .body("message", containsString("QUARKUS_OIDC_TENANT_ENABLED"));
            Http.post(ALICE, "/views/sales.good/" + path).then().statusCode(403);
        }
        given().post("/groups/sales/refreshes").then().statusCode(403);
        assertThat(tables.all()).isEqualTo(before);
        given().get("/views/sales.good").then().statusCode(200);
    }
}
