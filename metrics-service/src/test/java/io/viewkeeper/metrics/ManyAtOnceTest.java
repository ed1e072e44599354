// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Crowd;
import io.viewkeeper.sandbox.server.Role;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everybody has an answer, however many ask for whatever the service offers, and the collectors go on meanwhile. */
@Tag("server")
@QuarkusTest
@WithTestResource(value = ManyAtOnceTest.ManyViews.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class ManyAtOnceTest {
    private static final int MANY = 64;
    private static final int VIEWS = 500;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    /** As many as have series. */
    public static class ManyViews extends TestServers {
        @Override
        protected void prepare(World world, Map<String, String> settings) {
            try {
                world.database().execute(Role.REFRESHER, """
                        insert into viewkeeper.view_state (
                          view_schema, view_name, view_oid, view_group, event_sequence, data_as_of, last_status, last_method,
                          last_finished_at, last_duration_ms, size_bytes, next_due_at, freshness_target_ms)
                        select 'analytics', 'view_' || i, 16400, 'realtime', 1, now(), 'completed', 'concurrent', now(), 150, 8192,
                          now(), 660000
                        from generate_series(1, %d) i""".formatted(VIEWS));
            } catch (SQLException refused) {
                throw new IllegalStateException(refused);
            }
        }
    }

    @Test
    void everybodyHasAnAnswerAndTheCollectorsKeepTheirPace() {
        var service = new Service(http, management);
        Await.until("ready", service::isReady);
        Await.until("every collector has run", () -> runs(service).size() >= 5);
        var before = runs(service);
        do {
            for (var request : requests(service)) {
                assertThat(Crowd.ask(MANY, request))
                        .as(request.uri().toString())
                        .allMatch(answer -> answer.statusCode() == 200)
                        .allMatch(answer -> !answer.body().isEmpty());
            }
        } while (!before.entrySet().stream()
                .allMatch(run -> runs(service).getOrDefault(run.getKey(), 0.0) > run.getValue()));
        assertThat(service.json(http, "/views")).hasSize(VIEWS);
    }

    /** When each collector last succeeded. */
    private static Map<String, Double> runs(Service service) {
        return service.scrape().entrySet().stream()
                .filter(series -> series.getKey().startsWith("viewkeeper_collector_last_success_timestamp_seconds"))
                .collect(toMap(Map.Entry::getKey, series -> Double.valueOf(series.getValue())));
    }

    private List<HttpRequest> requests(Service service) {
        var requests = new ArrayList<HttpRequest>();
        for (String path : List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/metrics")) {
            requests.add(HttpRequest.newBuilder(management.resolve(path)).build());
        }
        service.json(http, "/q/openapi?format=json")
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    assertThat(method).as("nobody has thought of others").isEqualTo("get");
                    requests.add(
                            HttpRequest.newBuilder(http.resolve(path.getKey())).build());
                }));
        assertThat(requests).hasSizeGreaterThan(6);
        return requests;
    }
}
