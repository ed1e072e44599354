// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plain column in an expression of a plan: {@code o.status}, {@code (o.status)::text}, or {@code status} where the plan was
 * made without VERBOSE.
 *
 * @param alias null without VERBOSE
 */
record ColumnReference(@Nullable String alias, String column) {

    /** What the tokens are, if they are nothing but a column: only casts that an index serves all the same may be around it. */
    static @Nullable ColumnReference of(List<SqlToken> expression) {
        var tokens = withoutTextCast(unwrapped(expression));
        if (tokens.size() == 1 && isName(tokens.getFirst())) {
            return new ColumnReference(null, name(tokens.getFirst()));
        }
        boolean qualified = tokens.size() == 3
                && isName(tokens.getFirst())
                && tokens.get(1).isPunctuation(".")
                && isName(tokens.get(2));
        return qualified ? new ColumnReference(name(tokens.getFirst()), name(tokens.get(2))) : null;
    }

    /** Whether it may be of the relation with this alias. */
    boolean mayBeOf(@Nullable String relationAlias) {
        return alias == null || alias.equals(relationAlias);
    }

    static String name(SqlToken token) {
        if (token.kind() != Kind.QUOTED_NAME) {
            return token.folded();
        }
        String text = token.text();
        return text.substring(1, text.length() - 1).replace("\"\"", "\"");
    }

    static boolean isName(SqlToken token) {
        return token.kind() == Kind.QUOTED_NAME || token.kind() == Kind.WORD;
    }

    /** Without the parentheses around the whole. */
    static List<SqlToken> unwrapped(List<SqlToken> tokens) {
        var inner = tokens;
        while (inner.size() > 2 && inner.getFirst().isPunctuation("(") && closesAtEnd(inner)) {
            inner = inner.subList(1, inner.size() - 1);
        }
        return inner;
    }

    private static boolean closesAtEnd(List<SqlToken> tokens) {
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            depth += depthOf(tokens.get(i));
            if (depth == 0) {
                return i == tokens.size() - 1;
            }
        }
        return false;
    }

    static int depthOf(SqlToken token) {
        if (token.isPunctuation("(") || token.isPunctuation("[")) {
            return 1;
        }
        return token.isPunctuation(")") || token.isPunctuation("]") ? -1 : 0;
    }

    /** varchar is compared as text: the server writes the cast, and an index on the column serves. */
    private static List<SqlToken> withoutTextCast(List<SqlToken> tokens) {
        int size = tokens.size();
        boolean cast = size > 2
                && tokens.get(size - 2).isPunctuation("::")
                && tokens.get(size - 1).isWord("text");
        return cast ? unwrapped(tokens.subList(0, size - 2)) : tokens;
    }
}
