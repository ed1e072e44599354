package io.viewkeeper.optimizer.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.sql.Redaction;
import java.util.List;
import java.util.Set;

/** A plan out of EXPLAIN's JSON, all its expressions without values. What is not known to be a name is an expression. */
record RedactedPlan(Plan plan, String json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Names and words of the server's own. */
    private static final Set<String> NAMES = Set.of(
            "Node Type",
            "Parent Relationship",
            "Subplan Name",
            "Strategy",
            "Partial Mode",
            "Join Type",
            "Command",
            "Operation",
            "Scan Direction",
            "Schema",
            "Relation Name",
            "Alias",
            "Index Name",
            "CTE Name",
            "Function Name",
            "Table Function Name",
            "Tuplestore Name",
            "Custom Plan Provider",
            "Sampling Method",
            "Sort Method",
            "Sort Methods Used",
            "Sort Space Type",
            "Storage",
            "Cache Mode",
            "Conflict Resolution",
            "Conflict Arbiter Indexes",
            "Trigger Name",
            "Constraint Name",
            "Relation");

    /** What we have set ourselves, and the statement would not meet. */
    private static final List<String> OUR_SETTINGS = List.of("plan_cache_mode");

    static RedactedPlan of(String explained) throws MalformedPlanException {
        var _ = PlanReader.read(explained);
        String json = redacted(explained);
        return new RedactedPlan(PlanReader.read(json).getFirst(), json);
    }

    private static String redacted(String explained) {
        try {
            JsonNode root = JSON.readTree(explained);
            for (JsonNode settings : root.findValues("Settings")) {
                if (settings instanceof ObjectNode object) {
                    object.remove(OUR_SETTINGS);
                }
            }
            redact(root);
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException malformed) {
            // Its message quotes the plan: it is not passed on.
            throw new IllegalStateException("JSON that was read before cannot be read");
        }
    }

    private static void redact(JsonNode node) {
        switch (node) {
            case ObjectNode object -> {
                for (var field : object.properties()) {
                    if (field.getValue() instanceof TextNode text) {
                        if (!NAMES.contains(field.getKey())) {
                            field.setValue(TextNode.valueOf(Redaction.of(text.textValue())));
                        }
                    } else if (!NAMES.contains(field.getKey())
                            && !field.getKey().equals("Settings")) {
                        redact(field.getValue());
                    }
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    if (array.get(i) instanceof TextNode text) {
                        array.set(i, TextNode.valueOf(Redaction.of(text.textValue())));
                    } else {
                        redact(array.get(i));
                    }
                }
            }
            default -> {
                // Numbers and flags: the server's estimates and counts.
            }
        }
    }
}
