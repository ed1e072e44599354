// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static io.viewkeeper.refresher.api.CommandServers.RITA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Who may command, with tokens from files. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(CommandServers.class)
class SecurityTest {
    private static final String REFRESH = "/views/sales.good/refreshes";

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
    void onlyAnOperatorChangesAnything() {
        var before = tables.all();
        given().post(REFRESH)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("message", containsString("operator"));
        for (var nobody : List.of("", "unknown-token-0123456789", ALICE + "x", "alice:" + ALICE, "\u00e4".repeat(20))) {
            Http.post(nobody, REFRESH).then().statusCode(401).header("WWW-Authenticate", "Bearer");
        }
        given().auth().preemptive().basic("alice", ALICE).post(REFRESH).then().statusCode(401);
        Http.post(RITA, REFRESH).then().statusCode(403).body("message", containsString("rita"));
        assertThat(tables.all()).isEqualTo(before);
        assertThat(tables.column("select action from viewkeeper.command_log")).isEmpty();
        // The control: it is the role that makes the difference.
        Http.post(ALICE, REFRESH).then().statusCode(202);
        assertThat(tables.all()).isNotEqualTo(before);
    }

    @Test
    void noOperationThatChangesAnythingIsLeftOpen() {
        Map<String, Map<String, Object>> paths =
                given().get("/q/openapi?format=json").path("paths");
        int commands = 0;
        for (var path : paths.entrySet()) {
            for (var method : path.getValue().keySet()) {
                if (List.of("post", "put", "delete", "patch").contains(method)) {
                    commands++;
                    String url = path.getKey().replaceAll("\\{[^}]*}", "sales.good");
                    given().request(method.toUpperCase(java.util.Locale.ROOT), url)
                            .then()
                            .statusCode(401);
                    Http.by(RITA)
                            .request(method.toUpperCase(java.util.Locale.ROOT), url)
                            .then()
                            .statusCode(403);
                }
            }
        }
        assertThat(commands).isEqualTo(7);
    }

    @Test
    void readingNeedsNoTokenAndLooksAtNone() {
        given().get("/views").then().statusCode(200).body("name", equalTo(List.of("good")));
        Http.by("outdated-token-0123456789").get("/views/sales.good").then().statusCode(200);
    }

    @Test
    void aRotatedTokenIsInForceAtOnce() throws Exception {
        Path file =
                Path.of(ConfigProvider.getConfig().getValue("viewkeeper.security.operator-token-file", String.class));
        String before = Files.readString(file);
        try {
            Files.writeString(file, "alice:another-token-0123456789\n");
            Http.post(ALICE, REFRESH).then().statusCode(401);
            Http.post("another-token-0123456789", REFRESH).then().statusCode(202);
            Files.writeString(file, "alice:short\n");
            try (var log = new LogLines()) {
                Http.post("short", REFRESH).then().statusCode(401);
                Http.post("short", REFRESH).then().statusCode(401);
                assertThat(log.lines())
                        .filteredOn(line -> line.contains("line 1"))
                        .hasSize(1);
            }
        } finally {
            Files.writeString(file, before);
        }
        Http.post(ALICE, REFRESH).then().statusCode(202);
    }

    @Test
    void whoAskedIsLoggedAndTheTokenIsNot() {
        try (var log = new LogLines()) {
            String runId = Http.post(ALICE, REFRESH).path("runId");
            Http.post(RITA, REFRESH);
            Http.post("unknown-token-0123456789", "/views/sales.a%0AINFO%20forged%1B/refreshes?x=%0A");
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("INFO action=refresh view=sales.good by=alice")
                            && line.contains("run=" + runId))
                    .anyMatch(line -> line.equals("WARN refused=403 method=POST path=" + REFRESH + " by=rita"))
                    .anyMatch(line -> line.startsWith("WARN refused=401 method=POST path=/views/sales.a"))
                    .noneMatch(line -> line.contains("\n") && line.contains("forged"))
                    .noneMatch(line -> line.contains("0123456789"));
        }
    }

    @Test
    void aNameWithALineBreakIsLoggedInOneLine() {
        tables.view("sales", "two\nlines", "sales");
        try (var log = new LogLines()) {
            Http.post(ALICE, "/views/sales.two%0Alines/refreshes").then().statusCode(202);
            assertThat(log.lines()).anyMatch(line -> line.contains("view=sales.two\\u000alines by=alice"));
        }
    }
}
