// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** JSON with other text before, between and after its values: a prompt, a semicolon, the lines of a log. */
final class EmbeddedJson {
    /** Brackets that are never closed: to look for the end of each would take long. */
    private static final int MOST_UNCLOSED = 8;

    private EmbeddedJson() {}

    /**
     * The lists and objects in a text, in their order.
     *
     * @throws MalformedPlanException where one of them holds a plan, but is broken
     */
    static List<JsonNode> of(String text) throws MalformedPlanException {
        var values = new ArrayList<JsonNode>();
        int unclosed = 0;
        int at = start(text, 0);
        while (at >= 0 && unclosed < MOST_UNCLOSED) {
            int end = end(text, at);
            String part = text.substring(at, end < 0 ? text.length() : end);
            JsonNode value = end < 0 ? null : PlanSource.json(part);
            if (value != null) {
                values.add(value);
            } else if (part.contains("\"Plan\"") || part.contains("\"Node Type\"")) {
                throw PlanSource.malformed(before(text, at) + part);
            }
            unclosed += end < 0 ? 1 : 0;
            at = start(text, end < 0 ? at + 1 : end);
        }
        return values;
    }

    /** Blanks in the place of what is before, so that places are those of the text. */
    private static String before(String text, int at) {
        int line = text.lastIndexOf('\n', at) + 1;
        return "\n".repeat((int) text.substring(0, line)
                        .chars()
                        .filter(sign -> sign == '\n')
                        .count())
                + " ".repeat(at - line);
    }

    /** The next bracket with a value in it that JSON may have. */
    private static int start(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            if (text.charAt(at) == '[' || text.charAt(at) == '{') {
                int inner = at + 1;
                while (inner < text.length() && Character.isWhitespace(text.charAt(inner))) {
                    inner++;
                }
                if (inner < text.length() && "[{\"".indexOf(text.charAt(inner)) >= 0) {
                    return at;
                }
                at = inner - 1;
            }
        }
        return -1;
    }

    /** Behind the bracket that closes the one at the start; -1 if none does. */
    private static int end(String text, int start) {
        int depth = 0;
        boolean quoted = false;
        for (int at = start; at < text.length(); at++) {
            char sign = text.charAt(at);
            if (quoted && sign == '\\') {
                at++;
            } else if (sign == '"') {
                quoted = !quoted;
            } else if (!quoted && (sign == '[' || sign == '{')) {
                depth++;
            } else if (!quoted && (sign == ']' || sign == '}') && --depth == 0) {
                return at + 1;
            }
        }
        return -1;
    }
}
