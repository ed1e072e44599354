// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EXPLAIN (FORMAT XML) as JSON. Of XML it knows what the server writes (explain_format.c): elements, the text in them, and
 * references to single characters. A document type, and with it entities, is refused.
 */
final class XmlPlanReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 1_000;
    private static final String FULL_SORT = "Full-sort Groups";
    private static final String IN_MEMORY = "Sort Space Memory";

    private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z][\\w.-]{0,80})((?:\\s[^<>]{0,400})?)>");
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:(lt|gt|amp|quot|apos)|#(\\d{1,6})|#x([0-9a-fA-F]{1,5}));");
    private static final Map<String, String> CHARACTERS =
            Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'");

    /** What JSON has a list of. */
    private static final Set<String> LISTS = Set.of(
            "Plans", "Workers", "Triggers", "Grouping-Sets", "Group-Keys", "Hash-Keys", "Target-Tables", "explain");

    private final ArrayDeque<Element> open = new ArrayDeque<>();
    private final ArrayNode plans = NODES.arrayNode();

    private XmlPlanReader() {}

    /** An element with what has been read of it: fields, or items, or the text between its tags. */
    private static final class Element {
        private final String name;
        private final int contentStart;
        private final ObjectNode fields = NODES.objectNode();
        private final ArrayNode items = NODES.arrayNode();

        private Element(String name, int contentStart) {
            this.name = name;
            this.contentStart = contentStart;
        }
    }

    static boolean accepts(String text) {
        return text.contains("<Node-Type>");
    }

    /** Plans, with what is said around them left out. */
    static ArrayNode read(String text) throws MalformedPlanException {
        if (text.contains("<!DOCTYPE") || text.contains("<![CDATA[")) {
            throw new MalformedPlanException(
                    "", "this is not XML as EXPLAIN writes it: it has a document type or CDATA");
        }
        var reader = new XmlPlanReader();
        Matcher tag = TAG.matcher(text);
        while (tag.find()) {
            reader.tag(text, tag);
        }
        if (!reader.open.isEmpty() || reader.plans.isEmpty()) {
            throw refused(text, text.length());
        }
        return reader.plans;
    }

    private void tag(String text, Matcher tag) throws MalformedPlanException {
        String name = tag.group(2);
        boolean begins = tag.group(1).isEmpty();
        if (open.isEmpty() && !(begins && (name.equals("explain") || name.equals("Query") || name.equals("Plan")))) {
            return;
        }
        if (begins) {
            open.push(new Element(name, tag.end()));
            if (open.size() > DEEPEST) {
                throw refused(text, tag.start());
            }
        }
        if (!begins || tag.group(3).endsWith("/")) {
            Element ended = open.pop();
            if (!ended.name.equals(name)) {
                throw refused(text, tag.start());
            }
            boolean leaf = !begins && ended.items.isEmpty();
            String content = leaf ? text.substring(ended.contentStart, tag.start()) : "";
            ended(ended, value(ended, content));
        }
    }

    private void ended(Element element, JsonNode value) {
        var parent = open.peek();
        if (parent != null) {
            parent.items.add(value);
            parent.fields.set(field(parent, element.name), value);
        } else if (element.name.equals("Plan")) {
            plans.addObject().set("Plan", value);
        } else if (value instanceof ArrayNode list) {
            plans.addAll(list);
        } else {
            plans.add(value);
        }
    }

    /** Of an incremental sort XML names only the kind of a group, which others name as well (explain.c). */
    private static String field(Element parent, String tag) {
        return switch (tag) {
            case String setting when parent.name.equals("Settings") -> setting;
            case "Incremental-Sort-Groups" -> parent.fields.has(FULL_SORT) ? "Pre-sorted Groups" : FULL_SORT;
            case "Sort-Space" -> parent.fields.has(IN_MEMORY) || onDisk(parent) ? "Sort Space Disk" : IN_MEMORY;
            default -> name(tag);
        };
    }

    /** Memory comes first; where there is no other, the methods tell. */
    private static boolean onDisk(Element groups) {
        for (JsonNode method : groups.fields.path("Sort Methods Used")) {
            if (!method.asText().startsWith("external")) {
                return false;
            }
        }
        return true;
    }

    private JsonNode value(Element element, String content) {
        var parent = open.peek();
        // auto_explain has no element for each statement.
        boolean list = (LISTS.contains(element.name) && !element.fields.has("Plan"))
                || element.name.equals("Plans")
                || element.fields.has("Item");
        if (list) {
            return element.items;
        }
        if (!element.items.isEmpty() || element.name.equals("Settings")) {
            return element.fields;
        }
        if (content.isBlank() && content.indexOf('\n') >= 0) {
            return NODES.arrayNode();
        }
        String text = characters(content);
        boolean plain = element.name.equals("Item") || (parent != null && parent.name.equals("Settings"));
        return plain ? NODES.textNode(text) : FieldValues.of(name(element.name), text);
    }

    /** Blanks and strokes of names are hyphens in XML. */
    private static String name(String tag) {
        return tag.replace('-', ' ')
                .replace("I O ", "I/O ")
                .replace("Full sort", "Full-sort")
                .replace("Pre sorted", "Pre-sorted")
                .replace("One Time", "One-Time");
    }

    private static String characters(String content) {
        return REFERENCE.matcher(content).replaceAll(reference -> Matcher.quoteReplacement(character(reference)));
    }

    private static String character(MatchResult reference) {
        if (reference.group(1) != null) {
            return CHARACTERS.getOrDefault(reference.group(1), "");
        }
        int code = reference.group(2) == null
                ? Integer.parseInt(reference.group(3), 16)
                : Integer.parseInt(reference.group(2));
        return Character.isValidCodePoint(code) ? Character.toString(code) : "";
    }

    private static MalformedPlanException refused(String text, int at) {
        int line =
                (int) text.substring(0, at).chars().filter(sign -> sign == '\n').count() + 1;
        int column = at - text.lastIndexOf('\n', at - 1);
        return new MalformedPlanException(
                "line " + line + ", column " + column, "this is not XML as EXPLAIN writes it, or ends too early");
    }
}
