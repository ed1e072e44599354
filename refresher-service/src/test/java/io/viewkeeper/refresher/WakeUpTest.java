// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.net.URL;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithoutTick.class)
class WakeUpTest {
    private static final String REQUEST = "select viewkeeper.request_view_refresh('sales.good')";

    private static final String QUIET_REQUEST = """
        insert into viewkeeper.refresh_request (view_schema, view_name)
        values ('sales', 'good')
        """;

    private static final String OPEN_REQUESTS = """
        select count(*)
        from viewkeeper.refresh_request
        where taken_at is null
        """;

    private static final String LISTENERS = """
        select count(*)
        from pg_stat_activity
        where datname = current_database()
          and query like '/* viewkeeper:notifications */%'
        """;

    @TestHTTPResource(value = "/health/live", management = true)
    @Nullable
    URL live;

    @Nullable
    SandboxDatabase injectedDatabase;

    @Test
    void aRequestBySqlIsTakenAtOnceThoughTheLoopHardlyEverLooks() {
        var outcomes = new Outcomes(injectedDatabase);
        Await.until("the service listens", () -> outcomes.number(LISTENERS) == 1);
        Await.until("the first refresh has ended", () -> outcomes.sequence() > 0);
        // A service that is deaf for a while looks once when it hears again; one whose turn fails looks in an hour.
        Await.until("a request is taken by a service that neither was deaf nor failed", () -> {
            try (var log = new LogLines()) {
                return isTakenUndisturbed(outcomes, log);
            }
        });
    }

    private static boolean isTakenUndisturbed(Outcomes outcomes, LogLines log) {
        // The control: nobody is told, nobody looks. But for once, right after it began to listen.
        var quietSince = new AtomicLong(System.nanoTime());
        Await.until("a request that nobody is told of is not taken", () -> {
            if (outcomes.number(OPEN_REQUESTS) != 1) {
                outcomes.update(QUIET_REQUEST);
                quietSince.set(System.nanoTime());
            }
            return System.nanoTime() - quietSince.get() > Duration.ofSeconds(1).toNanos();
        });
        long before = outcomes.sequence();
        outcomes.update(REQUEST);
        Await.until("both are taken", () -> outcomes.number(OPEN_REQUESTS) == 0 || isDisturbed(log));
        Await.until("the view is refreshed", () -> outcomes.sequence() > before || isDisturbed(log));
        if (isDisturbed(log)) {
            return false;
        }
        assertThat(outcomes.sequence()).isEqualTo(before + 1);
        return true;
    }

    private static boolean isDisturbed(LogLines log) {
        return log.lines().stream().anyMatch(line -> line.contains("notifications=") || line.contains("loop="));
    }

    /** For longer than the settings allow: a lock that somebody holds stands for whatever may never end. */
    @Test
    void aLoopThatHangsIsNotAliveAndIsNamed() throws SQLException {
        var outcomes = new Outcomes(injectedDatabase);
        Await.until("the service listens", () -> outcomes.number(LISTENERS) == 1);
        Await.until("it is alive", () -> liveness().statusCode() == 200);
        try (var other = requireNonNull(injectedDatabase).connect(Role.SUPERUSER)) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table viewkeeper.refresh_request in access exclusive mode");
            outcomes.update("notify viewkeeper, 'request'");
            Await.until(
                    "the loop is found to hang",
                    () -> liveness()
                            .body()
                            .asString()
                            .replaceAll("\\s+", " ")
                            .contains("\"refresh\": \"in step requests for "));
            assertThat(liveness().statusCode()).isEqualTo(503);
        }
        Await.until("it is alive again", () -> liveness().statusCode() == 200);
    }

    private Response liveness() {
        return RestAssured.get(requireNonNull(live));
    }
}
