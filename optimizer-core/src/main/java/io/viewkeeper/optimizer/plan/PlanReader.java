// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plans as EXPLAIN, auto_explain and the tools that store plans write them: JSON, TEXT, YAML or XML; an array of plans, a bare
 * object, or the plan node alone; of PostgreSQL 10 to 18 (TEXT: 12 to 18), with whatever options and in whatever frame
 * ({@link PlanSource}). Of a field that is there twice, the last counts.
 */
public final class PlanReader {
    private static final int MOST_PLANS = 1_000;

    private PlanReader() {}

    /**
     * The plans of a text, at least one.
     *
     * @throws MalformedPlanException says where the text stops being a plan
     */
    public static List<Plan> read(String text) throws MalformedPlanException {
        return read(parse(text));
    }

    /** The same of JSON that was parsed before. */
    public static List<Plan> read(JsonNode json) throws MalformedPlanException {
        if (!json.isArray()) {
            return List.of(plan(json, ""));
        }
        if (json.isEmpty()) {
            throw new MalformedPlanException("", "the list of plans is empty");
        }
        if (json.size() > MOST_PLANS) {
            throw new MalformedPlanException("", "there are more than " + MOST_PLANS + " plans");
        }
        var plans = new ArrayList<Plan>();
        for (int i = 0; i < json.size(); i++) {
            plans.add(plan(json.get(i), "/" + i));
        }
        return plans;
    }

    /**
     * The JSON of a text's plans, or other JSON.
     *
     * @throws MalformedPlanException says where the text stops being a plan, or that there is none in it
     */
    public static JsonNode parse(String text) throws MalformedPlanException {
        return parse(text, _ -> {});
    }

    /** @param repairs told of each that the text needed */
    public static JsonNode parse(String text, Consumer<PlanRepair> repairs) throws MalformedPlanException {
        return new PlanSource(repairs).read(text);
    }

    private static Plan plan(JsonNode json, String place) throws MalformedPlanException {
        var fields = Fields.of(json, place);
        if (!fields.has("Plan") && fields.has("Node Type")) {
            return bare(new PlanNodeReader().read(json, place, "0"));
        }
        JsonNode root = json.get("Plan");
        if (root == null) {
            throw new MalformedPlanException(
                    place, "the field \"Plan\" is missing: this is no output of EXPLAIN (FORMAT JSON)");
        }
        var node = new PlanNodeReader().read(root, place + "/Plan", "0");
        fields.rest().remove("Plan");
        var planning = fields.object("Planning");
        Double execution = fields.number("Execution Time");
        return new Plan(
                node,
                fields.number("Planning Time"),
                execution,
                planning == null ? null : PlanNodeReader.buffers(planning),
                jit(fields.object("JIT")),
                triggers(fields),
                fields.textsByName("Settings"),
                fields.identifier("Query Identifier"),
                fields.text("Query Text"),
                fields.rest());
    }

    private static Plan bare(PlanNode root) {
        return new Plan(root, null, null, null, null, List.of(), Map.of(), null, null, Map.of());
    }

    private static List<TriggerTime> triggers(Fields fields) throws MalformedPlanException {
        var triggers = new ArrayList<TriggerTime>();
        for (JsonNode item : fields.items("Triggers")) {
            var trigger = Fields.of(item, fields.placeOf("Triggers"));
            triggers.add(new TriggerTime(
                    trigger.text("Trigger Name", ""),
                    trigger.text("Constraint Name"),
                    trigger.text("Relation"),
                    trigger.number("Time"),
                    trigger.number("Calls", 0)));
        }
        return triggers;
    }

    private static @Nullable Jit jit(@Nullable Fields fields) throws MalformedPlanException {
        if (fields == null) {
            return null;
        }
        long functions = fields.count("Functions", 0);
        var timing = fields.object("Timing");
        if (timing == null) {
            return new Jit(functions, 0, 0, 0, 0, 0);
        }
        return new Jit(
                functions,
                generation(timing),
                timing.number("Inlining", 0),
                timing.number("Optimization", 0),
                timing.number("Emission", 0),
                timing.number("Total", 0));
    }

    /** An object with a total since 17, a number before. */
    private static double generation(Fields timing) throws MalformedPlanException {
        JsonNode value = timing.rest().get("Generation");
        if (value == null || !value.isObject()) {
            return timing.number("Generation", 0);
        }
        var parts = timing.object("Generation");
        return parts == null ? 0 : parts.number("Total", 0);
    }
}
