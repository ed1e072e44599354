package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.viewkeeper.optimizer.sql.Redaction;
import java.util.Set;

/** What stays of a plan's JSON, field by field. */
final class JsonRedaction {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Names of the catalog and words of the server, which may look like anything but are no values. */
    private static final Set<String> NAMES = Set.of(
            "Node Type",
            "Parent Relationship",
            "Subplan Name",
            "Schema",
            "Relation Name",
            "Alias",
            "Index Name",
            "Scan Direction",
            "CTE Name",
            "Tuplestore Name",
            "Function Name",
            "Table Function Name",
            "Custom Plan Provider",
            "Join Type",
            "Strategy",
            "Partial Mode",
            "Command",
            "Operation",
            "Conflict Resolution",
            "Conflict Arbiter Indexes",
            "Sampling Method",
            "Sort Method",
            "Sort Methods Used",
            "Sort Space Type",
            "Storage",
            "Cache Mode",
            "Trigger Name",
            "Constraint Name",
            "Relation",
            "Format");

    /** Values alone, of auto_explain. */
    private static final Set<String> DROPPED = Set.of("Query Parameters");

    private JsonRedaction() {}

    /** Of all that EXPLAIN wrote: a list, an object, or a node alone. */
    static JsonNode output(JsonNode json) {
        if (json.isArray()) {
            var plans = NODES.arrayNode();
            json.forEach(plan -> plans.add(output(plan)));
            return plans;
        }
        if (!json.isObject()) {
            return text(json);
        }
        var safe = NODES.objectNode();
        json.properties().stream().filter(field -> !isDropped(field.getKey())).forEach(field -> {
            boolean settings =
                    field.getKey().equals("Settings") && field.getValue().isObject();
            safe.set(field.getKey(), settings ? field.getValue() : field(field.getKey(), field.getValue()));
        });
        return safe;
    }

    static boolean isDropped(String name) {
        return DROPPED.contains(name);
    }

    static JsonNode field(String name, JsonNode value) {
        if (value.isObject()) {
            var safe = NODES.objectNode();
            value.properties().stream()
                    .filter(field -> !isDropped(field.getKey()))
                    .forEach(field -> safe.set(field.getKey(), field(field.getKey(), field.getValue())));
            return safe;
        }
        if (value.isArray()) {
            var safe = NODES.arrayNode();
            value.forEach(item -> safe.add(field(name, item)));
            return safe;
        }
        return NAMES.contains(name) ? value : text(value);
    }

    private static JsonNode text(JsonNode value) {
        return value.isTextual() ? TextNode.valueOf(Redaction.of(value.textValue())) : value;
    }
}
