// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.schema.sql.SqlLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One key of a sort that is a plain column.
 *
 * @param order as DDL takes it after the column: empty, or {@code " desc"}, {@code " nulls first"} …
 */
record SortColumn(ColumnReference reference, String order) {

    /** The keys as columns, or nothing where one is anything else. */
    static List<SortColumn> of(List<String> keys) {
        var columns = new ArrayList<SortColumn>();
        for (String key : keys) {
            var column = column(key);
            if (column == null) {
                return List.of();
            }
            columns.add(column);
        }
        return columns;
    }

    private static @Nullable SortColumn column(String key) {
        var tokens = SqlLexer.meaning(key);
        int end = tokens.size();
        while (end > 1 && isOrder(tokens.get(end - 1).text())) {
            end--;
        }
        var order = new StringBuilder();
        tokens.subList(end, tokens.size())
                .forEach(word -> order.append(' ').append(word.text().toLowerCase(Locale.ROOT)));
        var reference = ColumnReference.of(tokens.subList(0, end));
        return reference == null ? null : new SortColumn(reference, order.toString());
    }

    private static boolean isOrder(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "ASC", "DESC", "NULLS", "FIRST", "LAST" -> true;
            default -> false;
        };
    }
}
