// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan without what differs from one execution to the next, and, where it is compared with TEXT, without what TEXT does not
 * tell: a join's unique inner side without VERBOSE; a worker that has nothing to tell; the relation of triggers where there is
 * only one, and the trigger of a constraint without VERBOSE; buffers, WAL, planning and times of reading where all is zero; that a scan's function
 * was folded away, so that only its alias is left; that an index is read by distance, which JSON told before 16.
 */
final class ComparablePlan {
    private static final Set<String> DIFFERENT = Set.of("Memory Used", "Memory Allocated", "Time", "Deform", "Total");
    private static final Set<String> ESTIMATES = Set.of("Startup Cost", "Total Cost", "Plan Rows");
    private static final Set<String> OF_WORKERS = Set.of(
            "Actual Rows", "Actual Loops", "Sort Space Used", "Peak Memory Usage", "HashAgg Batches", "Disk Usage");

    private final Corpus.Entry entry;
    private final boolean asText;
    private final JsonNode json;
    private final boolean executed;
    private final boolean write;
    private final boolean parallel;

    ComparablePlan(Corpus.Entry entry, boolean asText, boolean executed, JsonNode json) {
        this.entry = entry;
        this.asText = asText;
        this.json = json.deepCopy();
        this.executed = executed;
        // What was rolled back is left in the tables, and its rows are estimated, too.
        this.write = executed && entry.sql().matches("(?s)(insert|update|delete|merge|create|with gone).*");
        this.parallel = json.toString().contains("\"Gather");
    }

    Plan plan() throws MalformedPlanException {
        normalise(json, executed);
        return PlanReader.read(json).getFirst();
    }

    private void normalise(JsonNode value, boolean anyBlocks) {
        if (value instanceof ObjectNode object) {
            for (String name : names(object)) {
                field(object, name, anyBlocks);
                // What the catalog's cache holds differs from one statement to the next.
                normalise(object.get(name), anyBlocks || name.equals("Planning"));
            }
            if (asText) {
                untold(object);
            }
        } else {
            value.forEach(item -> normalise(item, anyBlocks));
        }
    }

    private static List<String> names(ObjectNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private void field(ObjectNode object, String name, boolean anyBlocks) {
        JsonNode value = object.get(name);
        boolean blocks = name.endsWith(" Blocks") && !name.contains("Heap");
        boolean different = name.endsWith(" Time")
                || name.equals("Heap Fetches")
                || DIFFERENT.contains(name)
                || (object.has("Emission") && value.isNumber())
                || (name.equals("Generation") && value.isNumber())
                || (blocks && anyBlocks)
                || (write && ESTIMATES.contains(name))
                || (parallel && OF_WORKERS.contains(name))
                || (parallel && name.endsWith("Heap Blocks"));
        if (value.isNumber()) {
            object.put(name, different ? 0 : value.doubleValue());
        }
        if (name.equals("Query Identifier")) {
            object.set(name, value);
        }
    }

    private void untold(ObjectNode object) {
        if (!entry.options().contains("VERBOSE")) {
            object.remove(List.of("Inner Unique", "Trigger Name"));
        }
        object.remove("Relation");
        if (object.path("Scan Direction").asText().equals("NoMovement")) {
            object.put("Scan Direction", "Forward");
        }
        object.remove(
                names(object).stream().filter(name -> name.contains("I/O ")).toList());
        if (parallel && object.has("Workers")) {
            object.remove("Workers");
            object.remove(List.of("Sort Method", "Sort Space Used", "Sort Space Type"));
        }
        boolean unnamed = object.path("Node Type").asText().equals("Function Scan") && !object.has("Function Name");
        if (unnamed) {
            object.set("Function Name", object.get("Alias"));
        }
        removeZeros(object);
        if (object.path("Planning").isObject()) {
            removeZeros((ObjectNode) object.get("Planning"));
            removeBlocks((ObjectNode) object.get("Planning"));
            if (object.get("Planning").isEmpty()) {
                object.remove("Planning");
            }
        }
    }

    private static void removeBlocks(ObjectNode planning) {
        planning.remove(
                names(planning).stream().filter(name -> name.endsWith("Blocks")).toList());
    }

    private static void removeZeros(ObjectNode object) {
        boolean noBlocks = names(object).stream()
                .filter(name -> name.endsWith(" Blocks") && !name.contains("Heap"))
                .allMatch(name -> object.get(name).asDouble() == 0);
        object.remove(names(object).stream()
                .filter(name -> (name.startsWith("WAL ") && object.get(name).asDouble() == 0)
                        || (noBlocks && name.endsWith(" Blocks") && !name.contains("Heap")))
                .toList());
        if (object.get("Triggers") instanceof ArrayNode triggers && triggers.isEmpty()) {
            object.remove("Triggers");
        }
    }
}
