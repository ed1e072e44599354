// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an operator sends, too: each is refused with a sentence, and nothing changes. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(CommandServers.class)
class HostileTest {
    private static final String AUTHORISED = "Authorization: Bearer " + ALICE + "\r\n";

    @Nullable
    SandboxDatabase injectedDatabase;

    private Tables tables = new Tables();
    private List<@Nullable String> before = List.of();

    @BeforeEach
    void aView() {
        tables = new Tables(injectedDatabase);
        tables.clear();
        tables.view("sales", "good", "sales");
        before = tables.all();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(tables.all()).isEqualTo(before);
    }

    static List<String> names() {
        return List.of(
                "sales.good'; drop table viewkeeper.view_state; --",
                "sales.good\"; drop table viewkeeper.view_state; --",
                "sales.good' or '1'='1",
                "sales.$1",
                "sales.%",
                "sales.*",
                "sales.good\n",
                "sales.go\0od",
                "sales.good\0",
                "sales.\"good",
                "\"sales.good\"",
                "sales",
                ".good",
                "sales.",
                "a.b.c",
                "sales." + "x".repeat(64),
                "sales." + "ü".repeat(32),
                "sales." + "x".repeat(3_000),
                "\"" + "\"\"".repeat(600) + "\".x",
                "sales.\u202egood",
                "sales.\ud83d\ude00",
                "<script>alert(1)</script>.x",
                "../../etc/passwd.x",
                "${jndi:ldap://x}.y");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameThatIsNone(String name) {
        String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        for (var action : List.of("refreshes", "suspend", "resume")) {
            var answer = Http.post(ALICE, "/views/" + path + "/" + action);
            assertThat(answer.statusCode()).as(action + " " + answer.asString()).isIn(400, 404);
            assertThat(answer.<String>path("message")).isNotBlank();
        }
        assertThat(Http.post(ALICE, "/groups/no-such-" + path + "/refreshes").statusCode())
                .isIn(400, 404);
        Http.post(ALICE, "/runs/" + path + "/cancel").then().statusCode(400).body("message", containsString("UUID"));
        assertThat(given().urlEncodingEnabled(false).get("/views/" + path).statusCode())
                .isIn(400, 404);
        assertThat(given().urlEncodingEnabled(false)
                        .get("/views/" + path + "/refreshes")
                        .statusCode())
                .isIn(400, 404);
        given().urlEncodingEnabled(false).get("/runs/" + path).then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%zz",
                "%",
                "sales.%f",
                "sales.%ff%fe",
                "sales.%c0%80",
                "sales.%ed%a0%80",
                "sales.%00",
                "sales.a;b=c",
                "%2e%2e%2f",
                ".."
            })
    void anEncodingThatIsNone(String path) {
        for (var line : List.of(
                "POST /views/" + path + "/refreshes", "POST /groups/" + path + "/refreshes", "GET /views/" + path)) {
            assertThat(Http.raw(line, AUTHORISED + "Content-Length: 0\r\n"))
                    .as(line)
                    .startsWith("HTTP/1.1 4");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reason\":\"x\",\"force\":true}",
                "{\"reason\":7}",
                "{\"reason\":\"\"}",
                "{\"reason\":{\"a\":1}}",
                "{\"reason\":\"a\\u0000b\"}",
                "{\"reason\":\"a\\nb\"}",
                "{\"reason\":\"\\ud800\"}",
                "[]",
                "[[[[[[",
                "null",
                "7",
                "{",
                "not json",
                "\"reason\""
            })
    void aBodyThatIsNone(String body) {
        for (var action : List.of("suspend", "refreshes", "resume")) {
            Http.by(ALICE)
                    .contentType("application/json")
                    .body(body)
                    .post("/views/sales.good/" + action)
                    .then()
                    .statusCode(400)
                    .body("message", not(emptyOrNullString()));
        }
    }

    @Test
    void aBodyThatIsTooLarge() {
        Http.by(ALICE)
                .contentType("application/json")
                .body("{\"reason\":\"" + "x".repeat(201) + "\"}")
                .post("/views/sales.good/suspend")
                .then()
                .statusCode(400)
                .body("message", containsString("200"));
        Http.by(ALICE)
                .contentType("application/json")
                .body("[".repeat(5_000))
                .post("/views/sales.good/suspend")
                .then()
                .statusCode(400);
        assertThat(Http.raw(
                        "POST /views/sales.good/suspend",
                        AUTHORISED + "Content-Type: application/json\r\nContent-Length: 999999999999\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(Http.raw(
                        "POST /views/sales.good/suspend",
                        AUTHORISED + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + ("1000\r\n" + " ".repeat(4096) + "\r\n").repeat(4) + "0\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "*"
            })
    void aContentTypeThatIsNotJson(String type) {
        String answer = Http.raw(
                "POST /views/sales.good/suspend",
                AUTHORISED + "Content-Type: " + type + "\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @Test
    void theNamesAreRefusedForWhatTheyAreAndNotForTheirEncoding() {
        // The control: a name as odd as those above is reached when it exists.
        tables.view("sales", "good'; drop table viewkeeper.view_state; --", "sales");
        Http.post(ALICE, "/views/sales.good%27%3B%20drop%20table%20viewkeeper%2Eview_state%3B%20--/refreshes")
                .then()
                .statusCode(400);
        Http.post(ALICE, "/views/sales.%22good%27%3B%20drop%20table%20viewkeeper%2Eview_state%3B%20--%22/refreshes")
                .then()
                .statusCode(202);
        tables.clear();
        tables.view("sales", "good", "sales");
        before = tables.all();
    }
}
