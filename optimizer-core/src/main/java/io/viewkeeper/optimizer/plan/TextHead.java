// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line of a node in EXPLAIN (FORMAT TEXT), "Index Scan using i on s.t a  (cost=… rows=… width=…) (actual …)", as fields. */
final class TextHead {
    private static final String NUMBER = "([0-9.]{1,40})";
    // No blank where a mail or a form has broken the line.
    private static final Pattern COST = Pattern.compile(
            "\\( ?cost= ?" + NUMBER + "\\.\\." + NUMBER + " *rows= ?" + NUMBER + " *width= ?" + NUMBER + " ?\\)");
    private static final Pattern ACTUAL = Pattern.compile("actual *(?:time= ?" + NUMBER + "\\.\\." + NUMBER
            + ")? *rows= ?" + NUMBER + " *loops= ?" + NUMBER + "(?: ?\\))?");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,25}(?:\\.\\d{1,25})?");
    private static final Pattern JOIN = Pattern.compile("(Nested Loop|Merge|Hash)(?: ([A-Z][A-Za-z ]{0,30}))? Join");
    private static final Pattern AGGREGATE = Pattern.compile("(?:(Partial|Finalize) )?(Group|Hash|Mixed)?Aggregate");
    private static final Pattern SET_OPERATION = Pattern.compile("(Hash)?SetOp (.{1,40})");
    private static final Pattern CUSTOM = Pattern.compile("Custom Scan \\((.*)\\)");
    private static final Pattern MODIFY = Pattern.compile("(Foreign )?(Insert|Update|Delete|Merge)");

    private final ObjectNode node = JsonNodeFactory.instance.objectNode();

    private TextHead() {}

    /** @param text without an arrow before it */
    static ObjectNode of(String text) {
        var head = new TextHead();
        head.read(text);
        return head.node;
    }

    /** Where the figures begin; the whole length where there are none. */
    static int figures(String text) {
        int end = text.length();
        for (String start : List.of("(cost=", "(actual ", "(never executed)")) {
            int at = text.indexOf(start);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        return end;
    }

    private void read(String text) {
        int end = figures(text);
        String figures = text.substring(end);
        named(text.substring(0, end).strip());
        Matcher cost = COST.matcher(figures);
        if (cost.find()) {
            figure("Startup Cost", cost.group(1));
            figure("Total Cost", cost.group(2));
            figure("Plan Rows", cost.group(3));
            figure("Plan Width", cost.group(4));
        }
        if (figures.contains("(never executed")) {
            figure("Actual Rows", "0");
            figure("Actual Loops", "0");
        } else {
            actual(figures, node);
        }
    }

    /** What ANALYZE measured of a node or of a worker. */
    static void actual(String text, ObjectNode into) {
        Matcher actual = ACTUAL.matcher(text);
        if (!actual.find()) {
            return;
        }
        if (actual.group(1) != null) {
            figure("Actual Startup Time", actual.group(1), into);
            figure("Actual Total Time", actual.group(2), into);
        }
        figure("Actual Rows", actual.group(3), into);
        figure("Actual Loops", actual.group(4), into);
    }

    private void figure(String name, String digits) {
        figure(name, digits, node);
    }

    private static void figure(String name, String digits, ObjectNode into) {
        if (DIGITS.matcher(digits).matches()) {
            into.set(name, FieldValues.number(digits));
        } else {
            into.put(name, digits);
        }
    }

    private void named(String text) {
        String rest = text;
        boolean parallel = rest.startsWith("Parallel ");
        rest = parallel ? rest.substring("Parallel ".length()) : rest;
        boolean async = rest.startsWith("Async ");
        rest = async ? rest.substring("Async ".length()) : rest;
        int on = outside(rest, " on ");
        int using = outside(rest, " using ");
        int end = Math.min(on < 0 ? rest.length() : on, using < 0 ? rest.length() : using);
        typed(rest.substring(0, end));
        node.put("Parallel Aware", parallel);
        node.put("Async Capable", async);
        if (using >= 0) {
            var index = new Identifiers(rest, using + " using ".length());
            node.put("Index Name", index.names.isEmpty() ? "" : index.names.getFirst());
        }
        if (on >= 0) {
            target(node, node.path("Node Type").asText(), rest.substring(on + " on ".length()));
        }
    }

    private void typed(String name) {
        boolean backward = name.endsWith(" Backward");
        String type = backward ? name.substring(0, name.length() - " Backward".length()) : name;
        Matcher join = JOIN.matcher(type);
        Matcher aggregate = AGGREGATE.matcher(type);
        Matcher setOperation = SET_OPERATION.matcher(type);
        Matcher custom = CUSTOM.matcher(type);
        Matcher modify = MODIFY.matcher(type);
        if (join.matches()) {
            node.put("Node Type", join.group(1) + (join.group(1).equals("Nested Loop") ? "" : " Join"));
            node.put("Join Type", join.group(2) == null ? "Inner" : join.group(2));
        } else if (aggregate.matches()) {
            node.put("Node Type", "Aggregate");
            node.put("Strategy", strategy(aggregate.group(2)));
            node.put("Partial Mode", aggregate.group(1) == null ? "Simple" : aggregate.group(1));
        } else if (setOperation.matches()) {
            node.put("Node Type", "SetOp");
            node.put("Strategy", setOperation.group(1) == null ? "Sorted" : "Hashed");
            node.put("Command", setOperation.group(2));
        } else if (custom.matches()) {
            node.put("Node Type", "Custom Scan");
            node.put("Custom Plan Provider", custom.group(1));
        } else if (modify.matches()) {
            node.put("Node Type", modify.group(1) == null ? "ModifyTable" : "Foreign Scan");
            node.put("Operation", modify.group(2));
        } else {
            simple(type, backward);
        }
    }

    private void simple(String type, boolean backward) {
        node.put("Node Type", type);
        switch (type) {
            case "Nested Loop" -> node.put("Join Type", "Inner");
            case "Foreign Scan" -> node.put("Operation", "Select");
            case "Index Scan", "Index Only Scan" -> node.put("Scan Direction", backward ? "Backward" : "Forward");
            default -> {}
        }
    }

    private static String strategy(String prefix) {
        return switch (prefix) {
            case "Group" -> "Sorted";
            case "Hash" -> "Hashed";
            case "Mixed" -> "Mixed";
            case null, default -> "Plain";
        };
    }

    /** "schema.relation alias", "relation alias", or "relation", which is its own alias. */
    static void target(ObjectNode node, String type, String text) {
        var target = new Identifiers(text, 0);
        if (target.names.isEmpty()) {
            return;
        }
        String first = target.names.getFirst();
        String last = target.names.getLast();
        if (type.equals("Bitmap Index Scan")) {
            node.put("Index Name", first);
            return;
        }
        String field = field(type);
        if (!field.isEmpty()) {
            node.put(field, target.qualified ? target.names.get(1) : first);
        }
        if (target.qualified) {
            node.put("Schema", first);
        }
        node.put("Alias", last);
    }

    private static String field(String type) {
        return switch (type) {
            case "Function Scan" -> "Function Name";
            case "Table Function Scan" -> "Table Function Name";
            case "CTE Scan", "WorkTable Scan" -> "CTE Name";
            case "Named Tuplestore Scan" -> "Tuplestore Name";
            case "Values Scan", "Subquery Scan" -> "";
            default -> "Relation Name";
        };
    }

    /** Where a word begins that is no part of a quoted name; -1 if nowhere. */
    private static int outside(String text, String word) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else if (!quoted && text.startsWith(word, i)) {
                return i;
            }
        }
        return -1;
    }

    /** One or two names, quoted or plain, and a schema before them. */
    private static final class Identifiers {
        private final List<String> names = new ArrayList<>();
        private boolean qualified;

        private Identifiers(String text, int start) {
            int at = start;
            while (at < text.length() && names.size() < (qualified ? 3 : 2)) {
                at = text.charAt(at) == '"' ? quoted(text, at + 1) : plain(text, at);
                boolean point = at < text.length() && text.charAt(at) == '.';
                qualified |= point && names.size() == 1 && at + 1 < text.length();
                at++;
            }
        }

        private int quoted(String text, int start) {
            var name = new StringBuilder();
            int at = start;
            while (at < text.length()) {
                char sign = text.charAt(at++);
                if (sign == '"' && (at >= text.length() || text.charAt(at) != '"')) {
                    break;
                }
                at += sign == '"' ? 1 : 0;
                name.append(sign);
            }
            names.add(name.toString());
            return at;
        }

        private int plain(String text, int start) {
            int at = start;
            while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != '.') {
                at++;
            }
            if (at > start) {
                names.add(text.substring(start, at));
            }
            return at;
        }
    }
}
