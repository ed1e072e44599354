// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.ViewState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewStateCodecTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static List<ViewState> states() {
        return List.of(Samples.scheduled(), Samples.refused(), Samples.suspended());
    }

    @ParameterizedTest
    @MethodSource("states")
    void readsBackWhatItWrote(ViewState state) {
        assertThat(ViewStateReader.read(state.type(), ViewStateWriter.json(state)))
                .isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("states")
    void writesWhatTheShippedSchemaPromises(ViewState state) throws IOException {
        assertThat(validate(ViewStateWriter.json(state))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyFieldOfTheFirstRecordsIsRequiredByTheSchema(ViewState state) throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(ViewStateWriter.json(state));
        payload.remove("changeNoticedAt");
        assertThat(validate(payload.toString())).as("as the first were").isEmpty();
        for (String field : (Iterable<String>) () -> payload.deepCopy().fieldNames()) {
            ObjectNode without = payload.deepCopy();
            without.remove(field);
            assertThat(validate(without.toString())).as("without " + field).isNotEmpty();
        }
    }

    @Test
    void passesOverFieldsOfANewerVersion() throws IOException {
        ObjectNode payload = (ObjectNode) MAPPER.readTree(ViewStateWriter.json(Samples.refused()));
        payload.put("addedLater", true);
        assertThat(ViewStateReader.read(ViewState.TYPE, payload.toString())).isEqualTo(Samples.refused());
    }

    @Test
    void aCategoryOfANewerVersionReadsAsOther() {
        String payload = ViewStateWriter.json(Samples.suspended()).replace("undefined_object", "cosmic_rays");
        assertThat(ViewStateReader.read(ViewState.TYPE, payload).lastErrorCategory())
                .hasToString("OTHER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "[]", "null", "{}", "{\"database\": 7}", "\u0000\u0001"})
    void refusesWhatIsNoState(String poison) {
        assertThatThrownBy(() -> ViewStateReader.read(ViewState.TYPE, poison))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void refusesAnotherType() {
        String payload = ViewStateWriter.json(Samples.scheduled());
        assertThatThrownBy(() -> ViewStateReader.read(RefreshCompleted.TYPE, payload))
                .isInstanceOf(MalformedEventException.class);
    }

    private static List<String> validate(String json) throws IOException {
        String file = ViewState.DATA_SCHEMA.substring(ViewState.DATA_SCHEMA.lastIndexOf('/') + 1);
        try (var schema = ViewState.class.getResourceAsStream(file)) {
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
