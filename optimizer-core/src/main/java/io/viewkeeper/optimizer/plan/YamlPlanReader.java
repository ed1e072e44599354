// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EXPLAIN (FORMAT YAML) as JSON. Of YAML it knows what the server writes (explain_format.c): blocks of lists and of fields, texts
 * in double quotes, numbers, truths, and lists in brackets; no anchors, no tags, no documents.
 */
final class YamlPlanReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 1_000;

    private static final Pattern FIELD = Pattern.compile("([A-Za-z_][\\w./() -]{0,80}):(?: (.*))?");
    private static final Pattern BEGINNING =
            Pattern.compile("(?:- )?(?:Plan|Query Text|Query Parameters|Node Type):.*");
    private static final Pattern NODE_TYPE = Pattern.compile("(?m)^[ \\t+|-]*Node Type: ");

    private final List<Line> lines = new ArrayList<>();
    private int next;

    private YamlPlanReader() {}

    private record Line(int number, int indent, String text) {}

    static boolean accepts(String text) {
        return NODE_TYPE.matcher(text).find();
    }

    /** Plans, with what is said around them left out; empty if there are none. */
    static ArrayNode read(String text) throws MalformedPlanException {
        var reader = new YamlPlanReader();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (!content.isEmpty()) {
                reader.lines.add(
                        new Line(number, line.length() - line.stripLeading().length(), content));
            }
        }
        var plans = NODES.arrayNode();
        while (reader.next < reader.lines.size()) {
            if (!BEGINNING.matcher(reader.peek().text).matches()) {
                reader.next++;
                continue;
            }
            JsonNode block = reader.block(1);
            if (block instanceof ArrayNode list) {
                plans.addAll(list);
            } else {
                plans.add(block);
            }
        }
        return plans;
    }

    private Line peek() {
        return lines.get(next);
    }

    private boolean isMore(int indent) {
        return next < lines.size() && peek().indent == indent;
    }

    private JsonNode block(int depth) throws MalformedPlanException {
        if (depth > DEEPEST) {
            throw refused("the plan is too deep");
        }
        return isItem(peek().text) ? list(peek().indent, depth) : fields(peek().indent, depth);
    }

    private ArrayNode list(int indent, int depth) throws MalformedPlanException {
        var list = NODES.arrayNode();
        while (isMore(indent) && isItem(peek().text)) {
            String content = peek().text.substring(1);
            String item = content.strip();
            int inner = indent + 1 + content.length() - content.stripLeading().length();
            if (item.isEmpty()) {
                next++;
                list.add(isDeeper(indent) ? block(depth + 1) : NODES.nullNode());
            } else if (isItem(item) || FIELD.matcher(item).matches()) {
                lines.set(next, new Line(peek().number, inner, item));
                list.add(block(depth + 1));
            } else {
                list.add(scalar(item));
                next++;
            }
        }
        return list;
    }

    private ObjectNode fields(int indent, int depth) throws MalformedPlanException {
        var object = NODES.objectNode();
        int before = next;
        while (isMore(indent) && !isItem(peek().text)) {
            Matcher field = FIELD.matcher(peek().text);
            if (!field.matches()) {
                break;
            }
            String value = field.group(2) == null ? "" : field.group(2).strip();
            if (value.isEmpty()) {
                next++;
                boolean list = isMore(indent) && isItem(peek().text);
                object.set(field.group(1), list || isDeeper(indent) ? block(depth + 1) : NODES.nullNode());
            } else {
                object.set(field.group(1), scalar(value));
                next++;
            }
        }
        if (next == before) {
            throw refused("this is not YAML as EXPLAIN writes it, or ends too early");
        }
        return object;
    }

    private boolean isDeeper(int indent) {
        return next < lines.size() && peek().indent > indent;
    }

    private static boolean isItem(String text) {
        return text.equals("-") || text.startsWith("- ");
    }

    private JsonNode scalar(String text) throws MalformedPlanException {
        char first = text.charAt(0);
        if (first == '\'' && text.length() > 1 && text.endsWith("'")) {
            return NODES.textNode(text.substring(1, text.length() - 1).replace("''", "'"));
        }
        JsonNode json = PlanSource.json(text);
        if (json == null && (first == '"' || first == '[')) {
            throw refused("this is not YAML as EXPLAIN writes it, or ends too early");
        }
        return json == null ? NODES.textNode(text) : json;
    }

    private MalformedPlanException refused(String fault) {
        Line line = lines.get(Math.min(next, lines.size() - 1));
        return new MalformedPlanException("line " + line.number + ", column " + (line.indent + 1), fault);
    }
}
