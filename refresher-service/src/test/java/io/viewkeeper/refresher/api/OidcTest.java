// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.viewkeeper.refresher.api.CommandServers.ALICE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Who may command, with bearer tokens of an OpenID Connect issuer, beside a token file. */
@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(OidcTest.Issuer.class)
class OidcTest {
    private static final String REFRESH = "/views/sales.good/refreshes";

    @Nullable
    SandboxDatabase injectedDatabase;

    @Nullable
    OidcServer injectedIssuer;

    private Tables tables = new Tables();

    /** As {@link CommandServers}, with an issuer and a file of operators. */
    public static class Issuer extends CommandServers {
        private final OidcServer issuer = new OidcServer();

        @Override
        Map<String, String> security() {
            return Map.of(
                    "viewkeeper.security.operator-token-file",
                    file("alice:" + ALICE).toString(),
                    "quarkus.oidc.tenant-enabled",
                    "true",
                    "quarkus.oidc.auth-server-url",
                    issuer.issuer(),
                    "quarkus.oidc.roles.role-claim-path",
                    "roles");
        }

        @Override
        public void inject(TestInjector injector) {
            super.inject(injector);
            injector.injectIntoFields(issuer, field -> field.getType() == OidcServer.class);
        }

        @Override
        public void stop() {
            issuer.close();
        }
    }

    @BeforeEach
    void aView() {
        tables = new Tables(injectedDatabase);
        tables.clear();
        tables.view("sales", "good", "sales");
    }

    @Test
    void theRoleIsInTheToken() {
        try (var log = new LogLines()) {
            String token = issuer().token("olga", "operator");
            Http.post(token, REFRESH).then().statusCode(202);
            assertThat(tables.value("select commanded_by from viewkeeper.command_log"))
                    .isEqualTo("olga");
            Http.post(issuer().token("rob", "reader"), REFRESH).then().statusCode(403);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("by=olga"))
                    .anyMatch(line -> line.contains("refused=403") && line.contains("by=rob"))
                    .noneMatch(line -> line.contains(token.substring(token.lastIndexOf('.') + 1)));
        }
    }

    @Test
    void aTokenThatIsNotGoodIsOfNobody() {
        var before = tables.all();
        var soon = Instant.now().plusSeconds(300);
        var good = issuer().claims("eve", "operator", "viewkeeper", soon);
        var bad = List.of(
                issuer().token(issuer().claims(
                                "eve", "operator", "viewkeeper", Instant.now().minusSeconds(120))),
                issuer().token(issuer().claims("eve", "operator", "another-application", soon)),
                issuer().token(good.replace(issuer().issuer(), "http://elsewhere")),
                issuer().forged(good),
                OidcServer.unsigned(good),
                "not.a.token",
                "unknown-token-0123456789");
        for (var token : bad) {
            Http.post(token, REFRESH).then().statusCode(401).header("WWW-Authenticate", "Bearer");
        }
        assertThat(tables.all()).isEqualTo(before);
        // The control: the same claims, signed by the issuer.
        Http.post(issuer().token(good), REFRESH).then().statusCode(202);
    }

    @Test
    void aTokenOfTheFileIsGoodBesides() {
        Http.post(ALICE, REFRESH).then().statusCode(202);
        assertThat(tables.value("select commanded_by from viewkeeper.command_log"))
                .isEqualTo("alice");
    }

    private OidcServer issuer() {
        return requireNonNull(injectedIssuer);
    }
}
