// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.viewkeeper.optimizer.sql.Redaction;
import java.util.Set;

/**
 * What EXPLAIN wrote without the statement's values, as it may be stored, logged and shown. Names, numbers and settings stay;
 * of every other text the literals go, also where we do not know what it is.
 */
public final class PlanRedaction {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Names of the catalog and words of the server, which may look like anything but are no values. */
    private static final Set<String> NAMES =
            FieldNames.with(FieldNames.NAMES, "Conflict Arbiter Indexes", "Sort Methods Used");

    /** Values alone, of auto_explain. */
    private static final Set<String> DROPPED = Set.of("Query Parameters");

    private PlanRedaction() {}

    /** A copy of a list, an object, or a node alone. What is given stays as it is. */
    public static JsonNode of(JsonNode json) {
        if (json.isArray()) {
            var plans = NODES.arrayNode();
            json.forEach(plan -> plans.add(of(plan)));
            return plans;
        }
        if (!json.isObject()) {
            return text(json);
        }
        var safe = NODES.objectNode();
        for (var field : json.properties()) {
            boolean settings =
                    field.getKey().equals("Settings") && field.getValue().isObject();
            if (!DROPPED.contains(field.getKey())) {
                safe.set(field.getKey(), settings ? field.getValue() : field(field.getKey(), field.getValue()));
            }
        }
        return safe;
    }

    // Loops, no streams: a plan of 500 levels must not fill the stack of a JVM that has not compiled this yet.
    private static JsonNode field(String name, JsonNode value) {
        if (value.isObject()) {
            var safe = NODES.objectNode();
            for (var field : value.properties()) {
                if (!DROPPED.contains(field.getKey())) {
                    safe.set(field.getKey(), field(field.getKey(), field.getValue()));
                }
            }
            return safe;
        }
        if (value.isArray()) {
            var safe = NODES.arrayNode();
            for (var item : value) {
                safe.add(field(name, item));
            }
            return safe;
        }
        return NAMES.contains(name) ? value : text(value);
    }

    private static JsonNode text(JsonNode value) {
        return value.isTextual() ? TextNode.valueOf(Redaction.of(value.textValue())) : value;
    }
}
