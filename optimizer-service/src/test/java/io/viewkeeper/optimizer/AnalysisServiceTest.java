// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From an event to what is wrong with the statements that it concerns, against real servers. */
@Tag("server")
@QuarkusTest
@WithTestResource(AnalysisServers.class)
class AnalysisServiceTest {
    private static final ViewName VIEW = new ViewName("shop", "by_customer");
    private static final AtomicLong SEQUENCE = new AtomicLong();

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private World world;
    private Service service;
    private Events events;

    @BeforeEach
    void isReady() {
        world = World.of(config);
        service = new Service(http, management);
        events = new Events(world.database().name());
        Await.until("ready", service::isReady);
    }

    @Test
    void aRefreshLeadsToFindingsOfTheStatementsThatItConcernsAndNoOthers() throws SQLException {
        run("select o.status, max(o.note) from shop.orders o where o.id = 12345612 group by o.status");
        run("select count(*) from shop.unrelated u where u.note like '%b%'");
        refreshed();
        awaitExecuted("shop.orders o");
        var found = service.json(http, "/findings?view=shop.by_customer").path("findings");
        assertThat(found).anySatisfy(finding -> {
            assertThat(finding.path("rule").asText()).isEqualTo("seq-scan-filters-most");
            assertThat(finding.path("text").asText()).contains("shop.orders o").doesNotContain("12345612");
            assertThat(finding.path("impactMillis").asDouble()).isPositive();
        });
        assertThat(found)
                .noneSatisfy(
                        finding -> assertThat(finding.path("text").asText()).contains("unrelated"));
        // It has a plan all the same, and was not executed: nothing that it reads was refreshed.
        Await.until(
                "the other one, planned",
                () -> analysis("shop.unrelated", "planned").isPresent());
    }

    @Test
    void aHundredEventsInASecondAreOneLookAndTheSameEventTwiceIsNoneMore() {
        world.awaitNoLook();
        long before = looksOf(VIEW).size();
        var first = UUID.randomUUID();
        long sequence = SEQUENCE.addAndGet(100) - 100;
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        records.add(world.record(first, events.completed(VIEW, sequence + 1, Instant.now())));
        records.add(records.getFirst());
        for (int i = 2; i <= 100; i++) {
            records.add(world.record(UUID.randomUUID(), events.completed(VIEW, sequence + i, Instant.now())));
        }
        long began = System.nanoTime();
        world.publish(records);
        Await.until("all events", () -> inbox() >= sequence + 100 && world.marks() == 0);
        Await.until("looks that count each event once", () -> events(looksSince(before)) == 100);
        // A machine that takes longer for all of them looks more often, once in a second at the most.
        long most = 2 + Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertThat(looksSince(before)).hasSizeLessThanOrEqualTo((int) most);
    }

    private List<JsonNode> looksSince(long before) {
        var looks = looksOf(VIEW);
        return looks.stream().limit(looks.size() - before).toList();
    }

    private static long events(List<JsonNode> looks) {
        return looks.stream().mapToLong(look -> look.path("events").asLong()).sum();
    }

    @Test
    void whatIsDoneAndWhatItTookIsShown() {
        refreshed();
        Await.until("a look", () -> !looksOf(VIEW).isEmpty());
        var answer = service.json(http, "/looks?limit=5");
        assertThat(answer.path("budget").path("perMinuteMillis").asDouble()).isEqualTo(600_000);
        var look = answer.path("looks").get(0);
        assertThat(look.path("databaseMillis").asDouble()).isPositive();
        assertThat(look.path("statementsIssued").asInt()).isPositive();
        assertThat(service.get(management, "/q/metrics").body())
                .containsPattern("viewkeeper_optimizer_budget_seconds\\{database=\"[^\"]+\"[^}]*} 600.0")
                .contains("viewkeeper_optimizer_look_seconds_count");
    }

    @Test
    void aStatementsHistoryIsShownForProgramsAndForPeople() throws SQLException {
        // Or else that look may count some of the calls, and the next one the others.
        world.awaitNoLook();
        run(
                "select sum(a.orders) from shop.by_customer a join shop.by_customer b on a.tag < b.tag where a.customer = 40");
        refreshed();
        awaitExecuted("b.tag");
        var statement = analysis("b.tag", "executed").orElseThrow();
        String id = statement.path("statementId").asText();
        var history = service.json(http, "/statements/" + id);
        assertThat(history.path("statement").path("relations"))
                .anySatisfy(name -> assertThat(name.asText()).isEqualTo("shop.by_customer"));
        // Where a minute has passed, there is a window after it.
        assertThat(history.path("windows")).anySatisfy(window -> {
            assertThat(window.path("calls").asLong()).isEqualTo(4);
            assertThat(window.path("p95Millis").asDouble()).isPositive();
            assertThat(window.path("p95Confidence").asText()).isEqualTo("low");
        });
        assertThat(service.page("/statements/" + id))
                .contains("4 calls")
                .contains("reads shop.by_customer")
                .contains("96 calls and ");
        // Four in an hour, which is the least that a day is reckoned from.
        assertThat(statement.path("load").path("callsPerDay").asDouble()).isEqualTo(96);
        assertThat(statement.path("load").path("millisPerDay").asDouble()).isPositive();
        assertThat(service.get(http, "/statements?order=mean").statusCode()).isEqualTo(200);
        assertThat(service.get(http, "/findings?order=execution").statusCode()).isEqualTo(200);
        assertThat(service.get(http, "/findings?order=mean").body())
                .contains("The parameter order must be one of day, execution.");

        String analysis = statement.path("analysis").path("analysisId").asText();
        var page = service.page("/analyses/" + analysis);
        assertThat(page).contains("Nested Loop").contains("by_customer").contains("executed in");
        assertThat(page.lines()).allMatch(line -> line.length() <= 120);
        var json = service.json(http, "/analyses/" + analysis);
        assertThat(json.path("nodes").size()).isGreaterThan(1);
        assertThat(json.path("load").path("calls").asLong()).isEqualTo(4);
        assertThat(json.path("plan").isContainerNode()).isTrue();
    }

    @Test
    void nothingOfAValueIsKeptShownOrLogged() throws IOException, SQLException {
        run(
                "select count(*) from shop.orders where note <> 'marked-4710' and status <> 'marked-4712' and id <> 47114711");
        refreshed();
        awaitExecuted("status <>");
        post(
                "{\"sql\": \"select * from shop.orders where note = 'marked-4713' /* marked-4714 */\", \"analyze\": true}");
        post(
                "{\"sql\": \"select * from shop.orders where note = $1\", \"parameters\": [\"marked-4715\"], \"analyze\": true}");
        post("{\"sql\": \"select 'marked-4716' frm shop.orders where\"}");
        post("{\"sql\": \"select 'marked-4717'::integer\"}");
        for (String table : List.of(
                "statement", "statement_window", "query_analysis", "query_finding", "look", "statement_counter")) {
            assertThat(world.count("select count(*) from viewkeeper." + table
                            + " t where t::text like '%47114711%' or t::text like" + " '%marked-%'"))
                    .as(table)
                    .isZero();
        }
        var shown = new StringBuilder();
        for (String path : List.of("/statements?all=true", "/findings", "/looks")) {
            shown.append(service.get(http, path).body());
        }
        for (JsonNode statement : service.json(http, "/statements?all=true").path("statements")) {
            shown.append(
                    service.page("/statements/" + statement.path("statementId").asText()));
            String analysis = statement.path("analysis").path("analysisId").asText("");
            if (!analysis.isEmpty()) {
                shown.append(service.get(http, "/analyses/" + analysis).body());
                shown.append(service.page("/analyses/" + analysis));
            }
        }
        assertThat(shown).contains("shop.orders").doesNotContain("marked-").doesNotContain("47114711");
        assertThat(Files.readString(Path.of(config.getValue("quarkus.log.file.path", String.class))))
                .contains("look=", "olga")
                .doesNotContain("marked-")
                .doesNotContain("47114711")
                .doesNotContain(AnalysisServers.OPERATOR);
    }

    private void post(String body) {
        var response = service.post("/analyses", AnalysisServers.OPERATOR, "application/json", body);
        assertThat(response.statusCode()).as(body).isEqualTo(201);
        assertThat(response.body()).doesNotContain("marked-");
        String location = response.headers().firstValue("Location").orElseThrow();
        assertThat(service.page(URI.create(location).getPath())).doesNotContain("marked-");
    }

    @Test
    void healthSaysThatStatisticsCanBeSeen() {
        assertThat(service.get(management, "/q/health/ready").body()).contains("\"statistics\"");
    }

    /** The server ends a session in which this JVM pauses for long, and the next refresh is the next chance. */
    private void awaitExecuted(String inText) {
        var refreshedAt = new AtomicLong(System.nanoTime());
        Await.until("the statement with " + inText + ", executed", () -> {
            if (System.nanoTime() - refreshedAt.get() > Duration.ofSeconds(15).toNanos()) {
                refreshed();
                refreshedAt.set(System.nanoTime());
            }
            return analysis(inText, "executed").isPresent();
        });
    }

    private void refreshed() {
        world.publish(events.completed(VIEW, SEQUENCE.incrementAndGet(), Instant.now()));
    }

    private void run(String sql) throws SQLException {
        try (var connection = world.database().connect(Role.OWNER);
                var statement = connection.createStatement()) {
            for (int i = 0; i < 4; i++) {
                statement.execute(sql);
            }
        }
    }

    private Optional<JsonNode> analysis(String inText, String outcome) {
        for (JsonNode statement : service.json(http, "/statements?all=true").path("statements")) {
            if (statement.path("text").asText().contains(inText)
                    && statement.path("analysis").path("outcome").asText().equals(outcome)) {
                return Optional.of(statement);
            }
        }
        return Optional.empty();
    }

    private List<JsonNode> looksOf(ViewName view) {
        var looks = new ArrayList<JsonNode>();
        for (JsonNode look : service.json(http, "/looks?limit=1000").path("looks")) {
            look.path("views").forEach(name -> {
                if (name.asText().equals(view.toString())) {
                    looks.add(look);
                }
            });
        }
        return looks;
    }

    private long inbox() {
        return world.count(
                "select coalesce(max(sequence), 0) from viewkeeper.refresh_inbox where view_name = 'by_customer'");
    }
}
