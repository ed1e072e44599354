// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Values of the formats that have no types, of the type that they have in EXPLAIN's JSON. */
final class FieldValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Longer ones would be no counts, but take long to read. */
    private static final Pattern NUMBER = Pattern.compile("(-?\\d{1,25}(?:\\.\\d{1,25})?)(?: ?ms| ?kB)?");

    private static final int DIGITS_OF_A_LONG = 18;

    /** Texts that may look like a number or a truth. */
    private static final Set<String> TEXTS = FieldNames.with(
            FieldNames.with(FieldNames.NAMES, FieldNames.EXPRESSIONS.toArray(String[]::new)),
            "Repeatable Seed",
            "Query Text",
            "Query Parameters");

    private FieldValues() {}

    static JsonNode of(String name, String value) {
        if (TEXTS.contains(name)) {
            return NODES.textNode(value);
        }
        if (value.equals("true") || value.equals("false")) {
            return NODES.booleanNode(value.equals("true"));
        }
        var number = NUMBER.matcher(value);
        return number.matches() ? number(number.group(1)) : NODES.textNode(value);
    }

    /** Of digits, with a sign and a point or without. */
    static JsonNode number(String digits) {
        if (digits.indexOf('.') < 0 && digits.length() <= DIGITS_OF_A_LONG + 2) {
            try {
                return NODES.numberNode(Long.parseLong(digits));
            } catch (NumberFormatException tooLarge) {
                return NODES.numberNode(Double.parseDouble(digits));
            }
        }
        return NODES.numberNode(Double.parseDouble(digits));
    }

    static ArrayNode texts(List<String> texts) {
        var list = NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }
}
