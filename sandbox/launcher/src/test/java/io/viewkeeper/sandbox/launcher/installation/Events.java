// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.ViewName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Questions about captured events. */
public final class Events {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Events() {}

    /** Events of one view, in the order in which they were read. */
    static List<Event> of(ViewName view, List<Event> events) {
        return events.stream()
                .filter(event -> event.view().equals(view.toString()))
                .toList();
    }

    static JsonNode payload(Event event) {
        try {
            return JSON.readTree(event.value());
        } catch (JsonProcessingException e) {
            throw new AssertionError("the value is no JSON: " + event, e);
        }
    }

    /** What the schema that ships under the name in the event's own header objects to. */
    static List<String> objectionsOfShippedSchema(Event event) {
        var address = event.header(EventHeaders.DATA_SCHEMA);
        var file = address.substring(address.lastIndexOf('/') + 1);
        try (var schema = Objects.requireNonNull(
                RefreshEvent.class.getResourceAsStream(file), "the schema does not ship: " + address)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema)
                    .validate(
                            event.value(),
                            InputFormat.JSON,
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                    .stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
