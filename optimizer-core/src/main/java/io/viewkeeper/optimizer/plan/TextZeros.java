// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What EXPLAIN (FORMAT TEXT) leaves out because it is zero, where the rest of the plan shows that it was asked for. */
final class TextZeros {
    private static final List<String> BUFFERS = List.of(
            "Shared Hit Blocks",
            "Shared Read Blocks",
            "Shared Dirtied Blocks",
            "Shared Written Blocks",
            "Local Hit Blocks",
            "Local Read Blocks",
            "Local Dirtied Blocks",
            "Local Written Blocks",
            "Temp Read Blocks",
            "Temp Written Blocks");
    private static final List<String> IO_BEFORE_17 = List.of("I/O Read Time", "I/O Write Time");
    private static final List<String> IO =
            List.of("Shared I/O Read Time", "Shared I/O Write Time", "Local I/O Read Time", "Local I/O Write Time");
    private static final List<String> TEMP_IO = List.of("Temp I/O Read Time", "Temp I/O Write Time");
    private static final List<String> TIMES = List.of("Actual Startup Time", "Actual Total Time");
    private static final List<String> HEAP = List.of("Exact Heap Blocks", "Lossy Heap Blocks");
    private static final List<String> MERGED =
            List.of("Tuples Inserted", "Tuples Updated", "Tuples Deleted", "Tuples Skipped");

    private TextZeros() {}

    static void fill(ObjectNode plan) {
        List<ObjectNode> nodes = nodes(plan);
        var asked = new ArrayList<String>();
        for (List<String> fields : List.of(BUFFERS, IO_BEFORE_17, IO, TEMP_IO)) {
            if (anyHas(nodes, fields) || has(plan.path("Planning"), fields)) {
                asked.addAll(fields);
            }
        }
        // Planning has buffers without ANALYZE, too.
        boolean measured = anyHas(nodes, BUFFERS);
        boolean timed = anyHas(nodes, TIMES);
        for (ObjectNode node : nodes) {
            if (measured && node.has("Actual Loops")) {
                zeros(node, asked);
            }
            if (timed && node.has("Actual Loops")) {
                zeros(node, TIMES);
            }
            ofItsType(node);
        }
        for (String part : List.of("Planning", "Serialization")) {
            if (plan.get(part) instanceof ObjectNode object && has(object, asked)) {
                zeros(object, asked);
            }
        }
    }

    private static void ofItsType(ObjectNode node) {
        boolean analyzed = node.has("Actual Loops");
        if (analyzed && node.path("Node Type").asText().equals("Bitmap Heap Scan")) {
            zeros(node, HEAP);
        }
        if (analyzed && node.path("Operation").asText().equals("Merge")) {
            zeros(node, MERGED);
        }
    }

    private static void zeros(ObjectNode object, List<String> fields) {
        fields.stream().filter(field -> !object.has(field)).forEach(field -> object.put(field, 0));
    }

    private static boolean anyHas(List<ObjectNode> nodes, List<String> fields) {
        return nodes.stream().anyMatch(node -> has(node, fields));
    }

    private static boolean has(JsonNode object, List<String> fields) {
        return fields.stream().anyMatch(object::has);
    }

    /** The plan's nodes, and workers with figures of their own. */
    private static List<ObjectNode> nodes(ObjectNode plan) {
        var nodes = new ArrayList<ObjectNode>();
        var left = new ArrayDeque<JsonNode>();
        left.push(plan.path("Plan"));
        while (!left.isEmpty()) {
            if (left.pop() instanceof ObjectNode node) {
                nodes.add(node);
                node.path("Plans").forEach(left::push);
                for (JsonNode worker : node.path("Workers")) {
                    if (worker.has("Actual Loops")) {
                        nodes.add((ObjectNode) worker);
                    }
                }
            }
        }
        return nodes;
    }
}
