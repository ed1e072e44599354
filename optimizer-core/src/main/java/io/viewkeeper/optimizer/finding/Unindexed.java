// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.schema.sql.SqlToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comparisons for equality that no index serves as they are written, and one does if they are written otherwise. */
final class Unindexed {
    private Unindexed() {}

    /** The column of "value = ANY (column)", also where it is cast to an array of another type; null where it is none. */
    static @Nullable String elementOf(List<SqlToken> tokens, @Nullable String alias) {
        var signs = Comparison.signs(tokens);
        int at = signs.size() == 1 ? signs.getFirst() : tokens.size();
        boolean any = at + 2 < tokens.size()
                && tokens.get(at).text().equals("=")
                && tokens.get(at + 1).isWord("any");
        if (!any || Comparison.mentions(tokens.subList(0, at), alias)) {
            return null;
        }
        var array = ColumnReference.unwrapped(tokens.subList(at + 2, tokens.size()));
        var casts = Comparison.topLevel(array, token -> token.isPunctuation("::"));
        var column = ColumnReference.of(casts.isEmpty() ? array : array.subList(0, casts.getFirst()));
        return column == null || !column.mayBeOf(alias) || !Comparison.mentions(array, alias) ? null : column.column();
    }

    /** What is compared by IS NOT DISTINCT FROM, which is written NOT (… IS DISTINCT FROM …), too; null where it is not. */
    static @Nullable List<SqlToken> notDistinct(List<SqlToken> tokens) {
        boolean negated = tokens.getFirst().isWord("not");
        var inner = negated ? ColumnReference.unwrapped(tokens.subList(1, tokens.size())) : tokens;
        var is = Comparison.topLevel(inner, token -> token.isWord("is"));
        if (is.size() != 1 || is.getFirst() + 2 >= inner.size()) {
            return null;
        }
        int at = is.getFirst() + 1;
        boolean not = inner.get(at).isWord("not");
        boolean distinct = inner.get(not ? at + 1 : at).isWord("distinct");
        return distinct && negated != not ? inner.subList(0, is.getFirst()) : null;
    }
}
