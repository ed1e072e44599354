// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.EventReader;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewState;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithCommands.class)
class RefresherServiceTest {
    private static final String TOPIC = Topics.refresh(Topics.DEFAULT_PREFIX);

    private static final String STATES = Topics.viewState(Topics.DEFAULT_PREFIX);

    @Inject
    KafkaClientService kafkaClients;

    @Nullable
    SandboxDatabase injectedDatabase;

    @Test
    void everyRefreshGoodOrBadReachesAPlainConsumerWithEveryHeader() {
        Map<String, ConsumerRecord<String, String>> seen = readUntil(types -> types.size() == 2);
        var completed = requireNonNull(seen.get(RefreshCompleted.TYPE));
        assertThat(completed.key()).isEqualTo(key("sales.good"));
        RefreshEvent event = EventReader.read(RefreshCompleted.TYPE, completed.value());
        assertThat(headers(completed))
                .containsEntry(EventHeaders.SPEC_VERSION, "1.0")
                .containsEntry(
                        EventHeaders.SOURCE, "/viewkeeper/test/" + event.run().database())
                .containsEntry(EventHeaders.SUBJECT, "sales.good")
                .containsEntry(EventHeaders.SEQUENCE, Long.toString(event.run().sequence()))
                .containsEntry(EventHeaders.DATA_SCHEMA, RefreshCompleted.DATA_SCHEMA)
                .containsEntry(EventHeaders.CONTENT_TYPE, "application/json")
                .containsKeys(EventHeaders.ID, EventHeaders.TIME);
        assertThat(event.run().instance()).isEqualTo("refresher-0");
        var failed = requireNonNull(seen.get(RefreshFailed.TYPE));
        assertThat(failed.key()).isEqualTo(key("sales.bad"));
        assertThat(((RefreshFailed) EventReader.read(RefreshFailed.TYPE, failed.value()))
                        .error()
                        .sqlState())
                .isEqualTo("22012");
    }

    @Test
    void theTopicHasSixPartitionsAndSevenDays() throws Exception {
        readUntil(types -> !types.isEmpty());
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers()))) {
            var described = admin.describeTopics(List.of(TOPIC)).allTopicNames().get();
            assertThat(requireNonNull(described.get(TOPIC)).partitions()).hasSize(6);
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
            var settings = requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));
            assertThat(requireNonNull(settings.get("retention.ms")).value()).isEqualTo("604800000");
        }
    }

    @Test
    void everyViewHasItsStateAndADroppedOneATombstone() throws Exception {
        // As the schedule announces them: here it is the publisher that is asked.
        new Outcomes(injectedDatabase).update("""
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
            values
              (gen_random_uuid(), 'view-state', 'sales.gone', 'io.viewkeeper.view-state.v1', 1, '{"state":"scheduled"}'),
              (gen_random_uuid(), 'view-state', 'sales.gone', 'io.viewkeeper.view-state.v1', 2, null)
            """);
        List<ConsumerRecord<String, String>> records = recordsOf("sales.gone", 2);
        assertThat(records).extracting(ConsumerRecord::value).containsExactly("{\"state\":\"scheduled\"}", null);
        assertThat(headers(records.getLast()))
                .containsEntry(EventHeaders.TYPE, ViewState.TYPE)
                .containsEntry(EventHeaders.DATA_SCHEMA, ViewState.DATA_SCHEMA)
                .containsEntry(EventHeaders.SUBJECT, "sales.gone")
                .containsEntry(EventHeaders.SEQUENCE, "2");
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers()))) {
            var described =
                    admin.describeTopics(List.of(STATES)).allTopicNames().get();
            assertThat(requireNonNull(described.get(STATES)).partitions()).hasSize(6);
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, STATES);
            var settings = requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));
            assertThat(requireNonNull(settings.get("cleanup.policy")).value()).isEqualTo("compact");
        }
    }

    @Test
    void noMessageIsMoreThanOneLineOfItsLog() {
        assertThat(formatters(InitialConfigurator.DELAYED_HANDLER))
                .noneMatch(PatternFormatter.class::isInstance)
                .filteredOn(formatter -> formatter.getClass().getSimpleName().equals("OneLineFormatter"))
                .isNotEmpty()
                .allMatch(formatter -> formatter
                                .format(new LogRecord(Level.INFO, "view=w.a\nb"))
                                .lines()
                                .count()
                        == 1);
    }

    private static List<Formatter> formatters(ExtHandler handler) {
        return Stream.of(handler.getHandlers())
                .map(Handler::getFormatter)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void theProducerThatIsInEffectLosesNothing() throws Exception {
        var effective = kafkaClients.getProducer("refresh-events").configuration();
        assertThat(effective.get("acks")).isEqualTo("all");
        assertThat(String.valueOf(effective.get("enable.idempotence"))).isEqualTo("true");
        assertThat(String.valueOf(effective.get("delivery.timeout.ms"))).isEqualTo("10000");
    }

    @Test
    void tellsTheStateOfItsViews() {
        readUntil(types -> types.size() == 2);
        given().get("/views").then().statusCode(200).body("name", hasItems("good", "bad"));
        given().get("/views/sales.good")
                .then()
                .statusCode(200)
                .body("lastStatus", equalTo("completed"))
                .body("dataAsOf", notNullValue())
                .body("sequence", greaterThan(0));
        given().get("/views/sales.bad/refreshes?limit=1")
                .then()
                .statusCode(200)
                .body("size()", equalTo(1))
                .body("[0].errorCategory", equalTo("data_error"));
    }

    @Test
    void refusesWithASentence() {
        readUntil(types -> types.containsKey(RefreshCompleted.TYPE));
        given().get("/views/sales.nothing").then().statusCode(404).body("message", containsString("GET /views"));
        given().get("/views/sales.good/refreshes?limit=0")
                .then()
                .statusCode(400)
                .body("message", containsString("1 to 1000"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200).body(containsString("/views/{view}/refreshes"));
    }

    private List<ConsumerRecord<String, String>> recordsOf(String view, int wanted) {
        var found = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", KafkaServer.shared().bootstrapServers(),
                        "group.id", "states",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(STATES));
            Await.until(() -> wanted + " records; seen by now: " + found, () -> {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().equals(key(view))) {
                        found.add(record);
                    }
                }
                return found.size() >= wanted;
            });
        }
        return found;
    }

    private String key(String view) {
        return "test/" + requireNonNull(injectedDatabase).name() + "/" + view;
    }

    /** Of this database's events: the topic is everybody's. */
    private Map<String, ConsumerRecord<String, String>> readUntil(
            Predicate<Map<String, ConsumerRecord<String, String>>> enough) {
        var byType = new HashMap<String, ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", KafkaServer.shared().bootstrapServers(),
                        "group.id", "plain",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            Await.until(() -> "enough types; seen by now: " + byType.keySet(), () -> {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().startsWith(key("sales."))) {
                        byType.putIfAbsent(headers(record).get(EventHeaders.TYPE), record);
                    }
                }
                return enough.test(byType);
            });
        }
        return byType;
    }

    private static Map<String, String> headers(ConsumerRecord<String, String> record) {
        var headers = new HashMap<String, String>();
        var twice = new ArrayList<String>();
        for (var header : record.headers()) {
            if (headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)) != null) {
                twice.add(header.key());
            }
        }
        assertThat(twice).isEmpty();
        return headers;
    }
}
