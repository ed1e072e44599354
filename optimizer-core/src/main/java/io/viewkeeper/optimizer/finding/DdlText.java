// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a plan as DDL of its relation has it. */
final class DdlText {
    private DdlText() {}

    /** Without the alias; null where it holds a value, which we do not tell, or columns of another relation. */
    static @Nullable String of(List<SqlToken> part, @Nullable String alias) {
        var text = new StringBuilder();
        for (int i = 0; i < part.size(); i++) {
            SqlToken token = part.get(i);
            boolean value = token.isLiteral()
                    || token.kind() == Kind.PARAMETER
                    || token.text().equals("?");
            if (value || isOfOthers(part, i, alias)) {
                return null;
            }
            if (isPrefix(part, i) && ColumnReference.name(token).equals(alias)) {
                i++;
                continue;
            }
            text.append(isTight(text, token) ? "" : " ").append(token.folded());
        }
        return text.toString();
    }

    private static boolean isTight(StringBuilder before, SqlToken token) {
        if (before.isEmpty()) {
            return true;
        }
        char last = before.charAt(before.length() - 1);
        boolean opens = token.isPunctuation("(") && (Character.isLetterOrDigit(last) || last == '"');
        return opens
                || token.isPunctuation(")")
                || token.isPunctuation(",")
                || token.isPunctuation("::")
                || token.isPunctuation(".")
                || "(.:".indexOf(last) >= 0;
    }

    static boolean mentionsOthers(List<SqlToken> part, @Nullable String alias) {
        for (int i = 0; i < part.size(); i++) {
            if (isOfOthers(part, i, alias)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a column of another relation begins here, and no type, function, collation or field of a row. */
    private static boolean isOfOthers(List<SqlToken> part, int i, @Nullable String alias) {
        boolean named = i > 0
                && (part.get(i - 1).isPunctuation("::")
                        || part.get(i - 1).isPunctuation(".")
                        || part.get(i - 1).isWord("collate"));
        boolean called = i + 3 < part.size() && part.get(i + 3).isPunctuation("(");
        return !named
                && !called
                && isPrefix(part, i)
                && !ColumnReference.name(part.get(i)).equals(alias);
    }

    private static boolean isPrefix(List<SqlToken> part, int i) {
        return ColumnReference.isName(part.get(i))
                && i + 1 < part.size()
                && part.get(i + 1).isPunctuation(".");
    }
}
