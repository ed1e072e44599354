// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** EXPLAIN (FORMAT TEXT) of PostgreSQL 12 to 18 as the JSON of the same plan. Above nodes, columns tell what is below what. */
final class TextPlanReader {
    /** As deep as JSON may be: a level of a plan is two of JSON. */
    private static final int DEEPEST = 490;

    private static final int MOST_NODES = 50_000;

    private static final int MOST_WORKERS = 1_024;

    private static final Pattern CALLS = Pattern.compile(": (?:time=(\\d{1,25}(?:\\.\\d{1,25})?) )?calls=(\\d{1,25})");
    private static final Pattern WORKER = Pattern.compile("Worker (\\d{1,6}): *(.*)", Pattern.DOTALL);

    private final ArrayNode plans = JsonNodeFactory.instance.arrayNode();
    private final ArrayDeque<Open> nodes = new ArrayDeque<>();
    private final ArrayDeque<Scope> scopes = new ArrayDeque<>();
    private ObjectNode plan = plans.objectNode();
    private @Nullable TextLine subplan;
    private int count;

    private TextPlanReader() {}

    /** A node to which others may be added, and how many there are that are no subplans. */
    private static final class Open {
        private final ObjectNode node;
        private final int column;
        private int inputs;

        private Open(ObjectNode node, int column) {
            this.node = node;
            this.column = column;
        }

        private String type() {
            return node.path("Node Type").asText();
        }
    }

    /** An object to which what stands further to the right belongs. */
    private record Scope(ObjectNode object, int column) {}

    /**
     * A list of plans; empty if there is none.
     *
     * @throws MalformedPlanException where it is too deep, has lost the blanks before its lines, or has lines that are not whole
     */
    static ArrayNode read(String text, Consumer<PlanRepair> repairs) throws MalformedPlanException {
        String broken = OneLine.broken(text);
        if (!broken.strip().equals(text.strip())) {
            repairs.accept(PlanRepair.ONE_LINE);
        }
        var lines = lines(broken, repairs);
        var reader = new TextPlanReader();
        for (TextLine line : lines.found()) {
            reader.line(line);
        }
        if (!reader.plans.isEmpty()) {
            statement((ObjectNode) reader.plans.get(0), lines.above());
        }
        reader.plans.forEach(plan -> TextZeros.fill((ObjectNode) plan));
        return reader.plans;
    }

    private static TextLines lines(String text, Consumer<PlanRepair> repairs) throws MalformedPlanException {
        var lines = TextLines.of(text);
        if (lines.fault() == 0 && !lines.found().isEmpty()) {
            return lines;
        }
        var whole = BrokenLines.whole(text);
        if (whole == null && lines.fault() > 0) {
            throw new MalformedPlanException(
                    "line " + lines.fault() + ", column 1",
                    "this line lacks a part, or is none of a plan; where lines are broken, send them as the server wrote them"
                            + " (psql -XAtc)");
        }
        if (whole == null) {
            return lines;
        }
        repairs.accept(PlanRepair.BROKEN_LINES);
        return whole;
    }

    /** As auto_explain tells it, above the plan. */
    private static void statement(ObjectNode plan, List<String> above) {
        var text = new StringBuilder();
        String name = "";
        for (String line : above) {
            String key = TextLine.key(line.strip());
            if (key.equals("Query Text") || key.equals("Query Parameters")) {
                name = key;
            }
            if (name.equals("Query Text")) {
                text.append(name.equals(key) ? TextLine.value(line.strip()) : "\n" + line);
            }
        }
        if (!text.isEmpty()) {
            plan.put("Query Text", text.toString());
        }
    }

    private void line(TextLine line) throws MalformedPlanException {
        switch (line.kind()) {
            case ROOT -> root(line);
            case NODE -> node(line);
            case SUBPLAN -> subplan = line;
            case WORKER -> worker(line);
            case TARGET -> target(line);
            case TRIGGER -> trigger(line.text());
            case FIELD, UNKNOWN_FIELD -> field(line);
            case OTHER -> {}
        }
    }

    private void root(TextLine line) {
        plan = plans.addObject();
        ObjectNode root = TextHead.of(line.text());
        plan.set("Plan", root);
        nodes.clear();
        nodes.push(new Open(root, line.column()));
        begin(root);
    }

    private void begin(ObjectNode node) {
        scopes.clear();
        scopes.push(new Scope(node, -1));
    }

    private void node(TextLine line) throws MalformedPlanException {
        if (nodes.isEmpty()) {
            root(line);
            return;
        }
        var named = subplan;
        int at = named == null ? line.column() : named.column();
        while (nodes.size() > 1 && parent().column >= at) {
            nodes.pop();
        }
        if (parent().column >= at) {
            throw refused(line, "the blanks before the lines are lost, which tell what is below what");
        }
        if (nodes.size() > DEEPEST) {
            throw refused(line, "the plan is too deep");
        }
        if (++count > MOST_NODES) {
            throw refused(line, "the plan has more than " + MOST_NODES + " nodes");
        }
        ObjectNode node = TextHead.of(line.text());
        add(node, named == null ? null : named.text());
        nodes.push(new Open(node, at));
        subplan = null;
        begin(node);
    }

    private Open parent() {
        return Objects.requireNonNull(nodes.peek());
    }

    private static MalformedPlanException refused(TextLine line, String fault) {
        return new MalformedPlanException("line " + line.number() + ", column " + (line.column() + 1), fault);
    }

    private void add(ObjectNode node, @Nullable String name) {
        Open parent = parent();
        parent.node.withArrayProperty("Plans").add(node);
        if (name != null) {
            node.put("Parent Relationship", name.startsWith("SubPlan") ? "SubPlan" : "InitPlan");
            node.put("Subplan Name", name);
            return;
        }
        parent.inputs++;
        node.put("Parent Relationship", relationship(parent));
    }

    private static String relationship(Open parent) {
        return switch (parent.type()) {
            case "Append", "Merge Append", "BitmapAnd", "BitmapOr" -> "Member";
            case "Subquery Scan" -> "Subquery";
            case "ModifyTable" -> several(parent, "Outer", "Member");
            case "Custom Scan" -> several(parent, "child", "children");
            default -> parent.inputs == 1 ? "Outer" : "Inner";
        };
    }

    /** The second input tells what the first one is, too. */
    private static String several(Open parent, String one, String many) {
        if (parent.inputs == 2) {
            for (JsonNode child : parent.node.path("Plans")) {
                if (child.path("Parent Relationship").asText().equals(one)) {
                    ((ObjectNode) child).put("Parent Relationship", many);
                }
            }
        }
        return parent.inputs == 1 ? one : many;
    }

    private void worker(TextLine line) {
        Matcher told = WORKER.matcher(line.text());
        int number = told.matches() ? Integer.parseInt(told.group(1)) : MOST_WORKERS;
        if (number >= MOST_WORKERS) {
            return;
        }
        var node = parent().node;
        begin(node);
        ObjectNode worker = null;
        for (JsonNode other : node.withArrayProperty("Workers")) {
            worker = other.path("Worker Number").asInt() == number ? (ObjectNode) other : worker;
        }
        if (worker == null) {
            worker = node.withArrayProperty("Workers").addObject();
            worker.put("Worker Number", number);
        }
        scopes.push(new Scope(worker, line.column()));
        String rest = told.group(2);
        TextHead.actual(rest.startsWith("actual") ? rest : "", worker);
        String key = TextLine.key(rest);
        if (!key.isEmpty()) {
            put(worker, key, TextLine.value(rest), line.column());
        }
    }

    private void target(TextLine line) {
        var node = parent().node;
        if (parent().type().equals("ModifyTable")) {
            begin(node);
            var target = node.withArrayProperty("Target Tables").addObject();
            int on = line.text().indexOf(" on ");
            TextHead.target(target, "", line.text().substring(on + " on ".length()));
            scopes.push(new Scope(target, line.column()));
        }
    }

    /** "Trigger name for constraint name on relation: time=1.234 calls=5"; constraints' triggers have a name with VERBOSE only. */
    private void trigger(String text) {
        Matcher told = CALLS.matcher(text);
        if (!told.find()) {
            return;
        }
        var trigger = plan.withArrayProperty("Triggers").addObject();
        String names = text.substring("Trigger".length(), told.start());
        names = named(trigger, "Relation", names, names.lastIndexOf(" on "), " on ");
        names = named(trigger, "Constraint Name", names, names.indexOf(" for constraint "), " for constraint ");
        if (!names.isBlank()) {
            trigger.put("Trigger Name", names.strip());
        }
        if (told.group(1) != null) {
            trigger.set("Time", FieldValues.number(told.group(1)));
        }
        trigger.set("Calls", FieldValues.number(told.group(2)));
    }

    private static String named(ObjectNode trigger, String field, String names, int at, String word) {
        if (at < 0) {
            return names;
        }
        trigger.put(field, names.substring(at + word.length()));
        return names.substring(0, at);
    }

    private void field(TextLine line) {
        String key = TextLine.key(line.text());
        String value = TextLine.value(line.text());
        while (scopes.size() > 1 && Objects.requireNonNull(scopes.peek()).column >= line.column()) {
            scopes.pop();
        }
        ObjectNode scope = Objects.requireNonNull(scopes.peek()).object;
        boolean ofWorker = scope.has("Worker Number");
        if (TextLine.isOfThePlan(key) && !(ofWorker && key.equals("JIT"))) {
            begin(plan);
            scope = plan;
        }
        put(scope, key, value, line.column());
    }

    private void put(ObjectNode scope, String key, String value, int column) {
        boolean ofAnAggregate = scope.path("Node Type").asText().equals("Aggregate");
        switch (key) {
            case "Planning", "JIT" -> scopes.push(new Scope(scope.putObject(key), column));
            case "Serialization" -> {
                TextFields.put(scope, key, value);
                scopes.push(new Scope((ObjectNode) scope.get(key), column));
            }
            case "Planning time", "Execution time" -> TextFields.put(scope, key.replace(" t", " T"), value);
            case "Total runtime" -> TextFields.put(scope, "Execution Time", value);
            case "Sort Key", "Group Key", "Hash Key" -> {
                if (ofAnAggregate) {
                    TextFields.key(scope, key, value);
                } else {
                    TextFields.put(scope, key, value);
                }
            }
            default -> TextFields.put(scope, key, value);
        }
    }
}
