package io.viewkeeper.optimizer.sql;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;

/**
 * A text without its values: each literal becomes {@code ?}, each comment goes, since programs write values into them.
 * Names and parameters ({@code $1}) stay.
 */
public final class Redaction {
    /** How PostgreSQL 18 writes a list of values that it has cut short. */
    private static final String CUT_LIST = "/*, ... */";

    private Redaction() {}

    /** The text as it may be stored, logged and shown. */
    public static String of(String text) {
        var safe = new StringBuilder(text.length());
        for (SqlToken token : SqlLexer.tokens(text)) {
            if (token.isLiteral()) {
                safe.append('?');
            } else if (token.kind() == Kind.COMMENT) {
                safe.append(token.text().equals(CUT_LIST) ? CUT_LIST : " ");
            } else {
                safe.append(token.text());
            }
        }
        return safe.toString();
    }
}
