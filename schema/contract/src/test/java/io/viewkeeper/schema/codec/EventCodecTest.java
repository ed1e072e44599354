// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static List<RefreshEvent> events() {
        return List.of(Samples.completed(), Samples.ofUnknownAge(), Samples.failed());
    }

    @ParameterizedTest
    @MethodSource("events")
    void readsBackWhatItWrote(RefreshEvent event) {
        assertThat(EventReader.read(event.type(), EventWriter.json(event))).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("events")
    void writesWhatTheShippedSchemaPromises(RefreshEvent event) throws IOException {
        assertThat(validate(event, EventWriter.json(event))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyFieldOfTheFirstRecordsIsRequiredByTheSchema(RefreshEvent event) throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(EventWriter.json(event));
        payload.remove("readAt");
        assertThat(validate(event, payload.toString())).as("as the first were").isEmpty();
        for (String field : (Iterable<String>) () -> payload.deepCopy().fieldNames()) {
            ObjectNode without = payload.deepCopy();
            without.remove(field);
            assertThat(validate(event, without.toString()))
                    .as("without " + field)
                    .isNotEmpty();
        }
    }

    @Test
    void timestampsAlwaysHaveSixDigits() throws IOException {
        JsonNode payload = MAPPER.readTree(EventWriter.json(Samples.completed()));
        assertThat(payload.get("startedAt").textValue()).isEqualTo("2026-11-22T09:05:00.000123Z");
        assertThat(payload.get("previousDataAsOf").textValue()).isEqualTo("2026-11-22T09:00:00.000123Z");
    }

    @Test
    void theFirstRecordsOfVersionOneHadOneTimeForBoth() throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(EventWriter.json(Samples.completed()));
        payload.remove("readAt");
        RefreshRun run =
                EventReader.read(RefreshCompleted.TYPE, payload.toString()).run();
        assertThat(run.readAt()).isEqualTo(run.dataAsOf()).isNotNull();
        payload.putNull("dataAsOf");
        assertThatThrownBy(() -> EventReader.read(RefreshCompleted.TYPE, payload.toString()))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void passesOverFieldsOfANewerVersion() throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(EventWriter.json(Samples.failed()));
        payload.put("addedLater", true);
        assertThat(EventReader.read(RefreshFailed.TYPE, payload.toString())).isEqualTo(Samples.failed());
    }

    /** A consumer of today meets a refresher of tomorrow. */
    @ParameterizedTest
    @MethodSource("events")
    void carriesMethodsAndTriggersOfANewerVersion(RefreshEvent event) throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(EventWriter.json(event));
        payload.put("method", "incremental");
        payload.put("trigger", "change");
        assertThat(validate(event, payload.toString())).isEmpty();
        RefreshEvent read = EventReader.read(event.type(), payload.toString());
        assertThat(read.run().method().wireName()).isEqualTo("incremental");
        assertThat(MAPPER.readTree(EventWriter.json(read))).isEqualTo(payload);
        payload.put("method", "'; drop");
        assertThat(validate(event, payload.toString())).isNotEmpty();
        assertThatThrownBy(() -> EventReader.read(event.type(), payload.toString()))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("method")
                .hasMessageNotContaining("drop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "[]", "null", "{}", "{\"runId\": 7}", "\u0000\u0001"})
    void refusesWhatIsNoEvent(String poison) {
        assertThatThrownBy(() -> EventReader.read(RefreshCompleted.TYPE, poison))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void refusalNamesTheFieldAndNeverShowsItsValue() throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(EventWriter.json(Samples.completed()));
        payload.put("startedAt", "SECRET");
        assertThatThrownBy(() -> EventReader.read(RefreshCompleted.TYPE, payload.toString()))
                .hasMessageContaining("startedAt")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void refusesAnUnknownMajorVersion() {
        assertThatThrownBy(() -> EventReader.read("io.viewkeeper.refresh-completed.v2", "{}"))
                .hasMessageContaining("v2");
    }

    private static List<String> validate(RefreshEvent event, String json) throws IOException {
        String file = event.dataSchema().substring(event.dataSchema().lastIndexOf('/') + 1);
        try (var schema = RefreshEvent.class.getResourceAsStream(file)) {
            if (schema == null) {
                throw new UncheckedIOException(new IOException("the schema " + file + " does not ship"));
            }
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema)
                    .validate(json, InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }
}
