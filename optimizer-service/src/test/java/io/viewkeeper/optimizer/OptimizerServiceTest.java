// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.schema.codec.EventWriter;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
@QuarkusTest
@WithTestResource(AnalysisServers.class)
class OptimizerServiceTest {
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");

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

    @AfterEach
    void databaseIsBack() {
        world.databaseBack();
    }

    @Test
    void showsEachRefreshOnceInOrderOfSequenceHoweverItsRecordsCame() {
        var view = new ViewName("analytics", "Größe \"quoted\" name.with.dots");
        var records = new ArrayList<Integer>();
        for (int sequence = 1; sequence <= 20; sequence++) {
            records.add(sequence);
            records.add(sequence);
        }
        Collections.shuffle(records, new Random(7));
        for (int sequence : records) {
            var event = sequence % 5 == 0
                    ? events.failed(view, sequence, START.plusSeconds(sequence))
                    : events.completed(view, sequence, START.plusSeconds(sequence));
            world.publish(new UUID(77, sequence), event);
        }
        double before = service.events("duplicate");
        Await.until("all", () -> service.sequences(view).size() == 20);
        assertThat(service.sequences(view)).isSortedAccordingTo(Collections.reverseOrder());
        Await.until("the duplicates", () -> service.events("duplicate") >= Math.max(before, 20));
        assertThat(service.sequences(view)).hasSize(20).doesNotHaveDuplicates();
        assertThat(
                        world.count(
                                "select count(*) from viewkeeper.processed_event where ce_id::text like '00000000-0000-004d-%'"))
                .isEqualTo(20);
    }

    @Test
    void tellsWhatTheEventTold() {
        var view = new ViewName("analytics", "told");
        world.publish(new UUID(1, 1), events.completed(view, 1, START));
        world.publish(new UUID(1, 2), events.failed(view, 2, START.plusSeconds(1)));
        Await.until("both", () -> service.sequences(view).size() == 2);
        var refreshes = service.json(http, "/refreshes?view=analytics.told");
        var failed = refreshes.get(0);
        assertThat(failed.get("eventId").textValue()).isEqualTo(new UUID(1, 2).toString());
        assertThat(failed.get("errorCategory").textValue()).isEqualTo("lock_timeout");
        assertThat(failed.get("dataAsOf").isNull()).isTrue();
        var completed = refreshes.get(1);
        assertThat(completed.get("type").textValue()).isEqualTo(RefreshCompleted.TYPE);
        assertThat(completed.get("view").textValue()).isEqualTo("analytics.told");
        assertThat(completed.get("changed").booleanValue()).isTrue();
        assertThat(Instant.parse(completed.get("finishedAt").textValue())).isEqualTo(START);
        assertThat(Instant.parse(completed.get("dataAsOf").textValue())).isEqualTo(START.minusMillis(148));
    }

    @Test
    void anotherEventOfTheSameRefreshAndAnEventOfAnotherDatabaseAddNothing() {
        var view = new ViewName("analytics", "once");
        world.publish(events.completed(view, 1, START));
        Await.until("the first", () -> service.sequences(view).size() == 1);
        double before = service.events("stale");
        world.publish(events.completed(view, 1, START));
        world.publish(new Events("another_database").completed(view, 2, START));
        Await.until("both", () -> service.events("stale") == before + 2);
        assertThat(service.sequences(view)).containsExactly(1L);
    }

    @Test
    void listsAllViewsNewestFirstAndNoMoreThanAskedFor() {
        for (int sequence = 1; sequence <= 3; sequence++) {
            world.publish(
                    events.completed(new ViewName("future", "a"), sequence, START.plusSeconds(1_000_000L + sequence)));
            world.publish(
                    events.completed(new ViewName("future", "b"), sequence, START.plusSeconds(2_000_000L + sequence)));
        }
        Await.until(
                "all",
                () -> service.sequences(new ViewName("future", "a")).size() == 3
                        && service.sequences(new ViewName("future", "b")).size() == 3);
        var listed = new ArrayList<String>();
        service.json(http, "/refreshes?limit=4")
                .forEach(refresh -> listed.add(refresh.get("view").textValue() + refresh.get("sequence")));
        assertThat(listed).containsExactly("future.b3", "future.b2", "future.b1", "future.a3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=many", "view=nodot", "view=.x", "view=x.", "view=a.%00"})
    void aBadParameterIsAnsweredWithASentence(String query) {
        var response = service.get(http, "/refreshes?" + query);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).matches("\\{\"message\":\"(The parameter|A view) .*\\.\"}");
    }

    @Test
    void poisonGoesToTheDeadLettersWithItsReasonAndTheNextIsRead() {
        var view = new ViewName("analytics", "after_poison");
        byte[] poison = {0, (byte) 0xfe};
        world.publish(
                Map.of("ce_specversion", "1.0", "ce_id", new UUID(2, 1).toString(), "ce_type", RefreshCompleted.TYPE),
                "k",
                poison);
        // Well-formed, but no text column of PostgreSQL holds U+0000.
        var unstorable = events.completed(new ViewName("analytics", "nul\u0000"), 1, START);
        world.publish(
                Map.of("ce_specversion", "1.0", "ce_id", new UUID(2, 2).toString(), "ce_type", RefreshCompleted.TYPE),
                "k",
                EventWriter.json(unstorable).getBytes(StandardCharsets.UTF_8));
        world.publish(events.completed(view, 1, START));
        Await.until("the next event", () -> service.sequences(view).size() == 1);
        var letters = world.deadLetters(2);
        assertThat(letters)
                .extracting(letter -> new String(
                        letter.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8))
                .hasSize(2)
                .anyMatch(reason -> reason.equals("the payload is not UTF-8"))
                .anyMatch(reason -> reason.startsWith("PostgreSQL refuses its content"));
        assertThat(letters).anySatisfy(letter -> assertThat(letter.value()).isEqualTo(poison));
    }

    @Test
    void anOutageOfTheDatabaseLosesNothingPoisonsNothingAndIsSurvived() {
        var view = new ViewName("analytics", "outage");
        double deadBefore = service.events("dead_letter");
        world.databaseOut();
        Await.until("not ready", () -> !service.isReady());
        for (int sequence = 1; sequence <= 50; sequence++) {
            world.publish(events.completed(view, sequence, START.plusSeconds(sequence)));
        }
        assertThat(service.get(management, "/q/health/live").statusCode()).isEqualTo(200);
        assertThat(service.get(http, "/refreshes").statusCode()).isEqualTo(503);
        world.databaseBack();
        Await.until("all of them", () -> service.sequences(view).size() == 50);
        assertThat(service.events("dead_letter")).isEqualTo(deadBefore);
        Await.until("ready again", service::isReady);
    }

    @Test
    void mayWriteItsInboxAndNothingElse() {
        assertThat(world.count(
                        "select count(*) from pg_catalog.pg_roles where rolname = 'viewkeeper_optimizer' and rolsuper"))
                .isZero();
        assertThat(world.count("""
                select count(*) from (values ('viewkeeper.view_state'), ('viewkeeper.event_outbox'), ('analytics.view_refresh_log')) t (name)
                where pg_catalog.has_table_privilege('viewkeeper_optimizer', name, 'insert')
                """)).isZero();
    }
}
