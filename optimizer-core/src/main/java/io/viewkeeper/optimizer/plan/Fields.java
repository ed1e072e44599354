// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object, each read once; what nobody asked for is left over. Places are JSON pointers. */
final class Fields {
    private final String place;
    private final Map<String, JsonNode> left = new LinkedHashMap<>();

    private Fields(JsonNode object, String place) {
        this.place = place;
        object.properties().forEach(field -> left.put(field.getKey(), field.getValue()));
    }

    static Fields of(JsonNode value, String place) throws MalformedPlanException {
        if (!value.isObject()) {
            throw new MalformedPlanException(place, "an object was expected, found " + kind(value));
        }
        return new Fields(value, place);
    }

    private @Nullable JsonNode take(String name) {
        JsonNode value = left.remove(name);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String name) {
        return left.containsKey(name);
    }

    @Nullable
    String text(String name) throws MalformedPlanException {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(name, "a text", value);
        }
        return value.textValue();
    }

    String text(String name, String absent) throws MalformedPlanException {
        String value = text(name);
        return value == null ? absent : value;
    }

    String requiredText(String name) throws MalformedPlanException {
        String value = text(name);
        if (value == null) {
            throw new MalformedPlanException(place, "the field \"" + name + "\" is missing");
        }
        return value;
    }

    @Nullable
    Double number(String name) throws MalformedPlanException {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!Double.isFinite(number)) {
            throw wrong(name, "a number", value);
        }
        return number;
    }

    double number(String name, double absent) throws MalformedPlanException {
        Double value = number(name);
        return value == null ? absent : value;
    }

    @Nullable
    Long count(String name) throws MalformedPlanException {
        Double value = number(name);
        // A cast that saturates: counts beyond a long are no counts of this world.
        return value == null ? null : value.longValue();
    }

    long count(String name, long absent) throws MalformedPlanException {
        Long value = count(name);
        return value == null ? absent : value;
    }

    boolean flag(String name) throws MalformedPlanException {
        JsonNode value = take(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false", value);
        }
        return value.booleanValue();
    }

    /** Exactly, since a query's identifier uses all 64 bits. */
    @Nullable
    Long identifier(String name) throws MalformedPlanException {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number of 64 bits", value);
        }
        return value.longValue();
    }

    List<String> texts(String name) throws MalformedPlanException {
        var texts = new ArrayList<String>();
        for (JsonNode item : items(name)) {
            if (!item.isTextual()) {
                throw wrong(name, "a list of texts", item);
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** Elements of a list; none where the field is missing. */
    List<JsonNode> items(String name) throws MalformedPlanException {
        JsonNode value = take(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, "a list", value);
        }
        var items = new ArrayList<JsonNode>();
        value.forEach(items::add);
        return items;
    }

    @Nullable
    Fields object(String name) throws MalformedPlanException {
        JsonNode value = take(name);
        return value == null ? null : of(value, placeOf(name));
    }

    /** An object of texts under names that we do not know; none where the field is missing. */
    Map<String, String> textsByName(String name) throws MalformedPlanException {
        var texts = new LinkedHashMap<String, String>();
        var object = object(name);
        if (object == null) {
            return texts;
        }
        for (var field : object.rest().entrySet()) {
            if (!field.getValue().isTextual()) {
                throw wrong(name, "an object of texts", field.getValue());
            }
            texts.put(field.getKey(), field.getValue().textValue());
        }
        return texts;
    }

    /** What nobody asked for. */
    Map<String, JsonNode> rest() {
        return left;
    }

    String placeOf(String name) {
        return place + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private MalformedPlanException wrong(String name, String expected, JsonNode found) {
        return new MalformedPlanException(placeOf(name), expected + " was expected, found " + kind(found));
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> value.isIntegralNumber() ? "a whole number" : "a number";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "nothing";
            case BINARY, POJO -> "something else";
        };
    }
}
