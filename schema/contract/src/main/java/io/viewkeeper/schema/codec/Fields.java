// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fields of a JSON object, each read as the type that it must have; a wrong one is named, its value never shown. */
record Fields(String path, JsonNode node) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The object that a payload is. */
    static Fields parse(String json) {
        try {
            return asObject("", MAPPER.readTree(json));
        } catch (JsonProcessingException malformed) {
            // Not its message, nor it as a cause: both quote the payload.
            throw new MalformedEventException("the payload is not JSON: line "
                    + malformed.getLocation().getLineNr() + ", column "
                    + malformed.getLocation().getColumnNr());
        }
    }

    private static Fields asObject(String path, JsonNode node) {
        if (!node.isObject()) {
            throw new MalformedEventException(
                    (path.isEmpty() ? "the payload" : "\"" + path + "\"") + " is not a JSON object");
        }
        return new Fields(path, node);
    }

    Fields object(String field) {
        return asObject(pathOf(field), node.path(field));
    }

    Optional<Fields> optionalObject(String field) {
        JsonNode object = node.path(field);
        return absent(object) ? Optional.empty() : Optional.of(asObject(pathOf(field), object));
    }

    List<Fields> array(String field) {
        JsonNode array = node.path(field);
        if (!array.isArray()) {
            throw wrong(field, "an array");
        }
        var elements = new ArrayList<Fields>();
        for (JsonNode element : array) {
            elements.add(asObject(pathOf(field), element));
        }
        return elements;
    }

    String text(String field) {
        String value = optionalText(field);
        if (value == null) {
            throw wrong(field, "text");
        }
        return value;
    }

    @Nullable
    String optionalText(String field) {
        JsonNode value = node.path(field);
        if (absent(value)) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(field, "text");
        }
        return value.textValue();
    }

    long number(String field) {
        Long value = optionalNumber(field);
        if (value == null) {
            throw wrong(field, "an integer");
        }
        return value;
    }

    @Nullable
    Long optionalNumber(String field) {
        JsonNode value = node.path(field);
        if (absent(value)) {
            return null;
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw wrong(field, "an integer");
        }
        return value.longValue();
    }

    boolean flag(String field) {
        JsonNode value = node.path(field);
        if (!value.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return value.booleanValue();
    }

    Instant instant(String field) {
        Instant value = optionalInstant(field);
        if (value == null) {
            throw wrong(field, "an RFC 3339 timestamp");
        }
        return value;
    }

    @Nullable
    Instant optionalInstant(String field) {
        String value = optionalText(field);
        if (value == null) {
            return null;
        }
        // RFC 3339 has years of four digits; Instant also reads longer ones, which no timestamptz can hold.
        if (value.startsWith("+") || value.startsWith("-")) {
            throw wrong(field, "an RFC 3339 timestamp");
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException notATimestamp) {
            throw wrong(field, "an RFC 3339 timestamp");
        }
    }

    /** The view that an object's schema and name tell. */
    ViewName viewName() {
        String schema = text("schema");
        return parsed("name", name -> new ViewName(schema, name));
    }

    <T> T parsed(String field, Function<String, T> parser) {
        String value = text(field);
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException notAccepted) {
            throw wrong(field, "a value that version 1 knows");
        }
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private String pathOf(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private MalformedEventException wrong(String field, String expected) {
        return new MalformedEventException("\"" + pathOf(field) + "\" is not " + expected);
    }
}
