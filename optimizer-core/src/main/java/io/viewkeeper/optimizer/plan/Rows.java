// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Locale;

/** A plan's lines as programs export the rows of a result: texts, lists of one text, or objects with the column QUERY PLAN. */
final class Rows {
    private static final String COLUMN = "query plan";

    private Rows() {}

    /** The lines together; empty where an element is no row. */
    static String joined(JsonNode list) {
        var lines = new StringBuilder();
        for (JsonNode row : list) {
            JsonNode cell = cell(row);
            if (!cell.isTextual()) {
                return "";
            }
            lines.append(cell.textValue()).append('\n');
        }
        return lines.toString();
    }

    private static JsonNode cell(JsonNode row) {
        if (row.isObject()) {
            for (var field : row.properties()) {
                if (field.getKey().replace('_', ' ').toLowerCase(Locale.ROOT).equals(COLUMN)) {
                    return field.getValue();
                }
            }
        }
        Iterator<JsonNode> cells = row.elements();
        return row.size() == 1 ? cells.next() : row;
    }
}
