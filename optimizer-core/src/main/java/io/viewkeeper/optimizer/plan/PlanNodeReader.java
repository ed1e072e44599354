// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of a plan, and those below it. Names of fields: explain.c. */
final class PlanNodeReader {
    /** A plan of more nodes is refused: nobody could read what is said of it. */
    private static final int MOST_NODES = 50_000;

    private int nodes;

    PlanNode read(JsonNode json, String place, String path) throws MalformedPlanException {
        if (++nodes > MOST_NODES) {
            throw new MalformedPlanException(place, "the plan has more than " + MOST_NODES + " nodes");
        }
        var fields = Fields.of(json, place);
        String typeName = fields.requiredText("Node Type");
        var type = NodeType.of(typeName);
        var children = children(fields, path);
        return new PlanNode(
                path,
                type,
                typeName,
                placement(fields),
                estimate(fields),
                actual(fields),
                buffers(fields),
                target(fields),
                conditions(fields),
                new Removals(
                        fields.number("Rows Removed by Filter", 0),
                        fields.number("Rows Removed by Index Recheck", 0),
                        fields.number("Rows Removed by Join Filter", 0)),
                DetailReader.read(type, fields),
                workers(fields),
                children,
                fields.rest());
    }

    private List<PlanNode> children(Fields fields, String path) throws MalformedPlanException {
        var children = new ArrayList<PlanNode>();
        List<JsonNode> plans = fields.items("Plans");
        for (int i = 0; i < plans.size(); i++) {
            children.add(read(plans.get(i), fields.placeOf("Plans") + "/" + i, path + "." + i));
        }
        return children;
    }

    private static Placement placement(Fields fields) throws MalformedPlanException {
        return new Placement(
                fields.text("Parent Relationship"),
                fields.text("Subplan Name"),
                fields.flag("Parallel Aware"),
                fields.flag("Async Capable"),
                fields.flag("Disabled"));
    }

    private static @Nullable Estimate estimate(Fields fields) throws MalformedPlanException {
        Double total = fields.number("Total Cost");
        double startup = fields.number("Startup Cost", 0);
        double rows = fields.number("Plan Rows", 0);
        long width = fields.count("Plan Width", 0);
        return total == null ? null : new Estimate(startup, total, rows, (int) Math.min(width, Integer.MAX_VALUE));
    }

    private static @Nullable Actual actual(Fields fields) throws MalformedPlanException {
        Double loops = fields.number("Actual Loops");
        Double startup = fields.number("Actual Startup Time");
        Double total = fields.number("Actual Total Time");
        double rows = fields.number("Actual Rows", 0);
        return loops == null ? null : new Actual(startup, total, rows, loops);
    }

    static @Nullable Buffers buffers(Fields fields) throws MalformedPlanException {
        boolean told = fields.has("Shared Hit Blocks");
        var shared = blocks(fields, "Shared");
        var local = blocks(fields, "Local");
        long tempRead = fields.count("Temp Read Blocks", 0);
        long tempWritten = fields.count("Temp Written Blocks", 0);
        Double read = sum(
                fields.number("I/O Read Time"),
                fields.number("Shared I/O Read Time"),
                fields.number("Local I/O Read Time"));
        Double write = sum(
                fields.number("I/O Write Time"),
                fields.number("Shared I/O Write Time"),
                fields.number("Local I/O Write Time"));
        Double readTemp = fields.number("Temp I/O Read Time");
        Double writeTemp = fields.number("Temp I/O Write Time");
        return told ? new Buffers(shared, local, tempRead, tempWritten, read, write, readTemp, writeTemp) : null;
    }

    private static Buffers.Blocks blocks(Fields fields, String kind) throws MalformedPlanException {
        return new Buffers.Blocks(
                fields.count(kind + " Hit Blocks", 0),
                fields.count(kind + " Read Blocks", 0),
                fields.count(kind + " Dirtied Blocks", 0),
                fields.count(kind + " Written Blocks", 0));
    }

    private static @Nullable Double sum(@Nullable Double... parts) {
        Double sum = null;
        for (Double part : parts) {
            if (part != null) {
                sum = sum == null ? part : Double.valueOf(sum + part);
            }
        }
        return sum;
    }

    private static Target target(Fields fields) throws MalformedPlanException {
        String function = fields.text("Function Name");
        String tableFunction = fields.text("Table Function Name");
        String call = fields.text("Function Call");
        String tableCall = fields.text("Table Function Call");
        return new Target(
                fields.text("Schema"),
                fields.text("Relation Name"),
                fields.text("Alias"),
                fields.text("Index Name"),
                fields.text("Scan Direction"),
                fields.text("CTE Name"),
                function == null ? tableFunction : function,
                call == null ? tableCall : call,
                fields.texts("Output"));
    }

    private static Conditions conditions(Fields fields) throws MalformedPlanException {
        return new Conditions(
                fields.text("Filter"),
                fields.text("Index Cond"),
                fields.text("Recheck Cond"),
                fields.text("TID Cond"),
                fields.text("Hash Cond"),
                fields.text("Merge Cond"),
                fields.text("Join Filter"),
                fields.text("One-Time Filter"),
                fields.text("Order By"),
                fields.text("Run Condition"));
    }

    private static List<Worker> workers(Fields fields) throws MalformedPlanException {
        var workers = new ArrayList<Worker>();
        for (JsonNode item : fields.items("Workers")) {
            var worker = Fields.of(item, fields.placeOf("Workers"));
            workers.add(new Worker(
                    (int) Math.min(worker.count("Worker Number", 0), Integer.MAX_VALUE),
                    actual(worker),
                    buffers(worker),
                    DetailReader.sortRun(worker),
                    new LinkedHashMap<>(worker.rest())));
        }
        return workers;
    }

    static Map<String, Long> counts(Fields fields, String... names) throws MalformedPlanException {
        var counts = new LinkedHashMap<String, Long>();
        for (String name : names) {
            Long count = fields.count(name);
            if (count != null) {
                counts.put(name, count);
            }
        }
        return counts;
    }
}
