// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.sql;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.Set;

/**
 * A text without its values: each literal becomes {@code ?}, each comment goes, since programs write values into them.
 * Names and parameters ({@code $1}) stay.
 */
public final class Redaction {
    /** How PostgreSQL 18 writes a list of values that it has cut short. */
    private static final String CUT_LIST = "/*, ... */";

    /** "SubPlan 1" in a plan is a name that the server gave. No valid statement has a number after such a word. */
    private static final Set<String> NUMBERED = Set.of("SubPlan", "InitPlan");

    private Redaction() {}

    /** The text as it may be stored, logged and shown. */
    public static String of(String text) {
        var safe = new StringBuilder(text.length());
        String before = "";
        for (SqlToken token : SqlLexer.tokens(text)) {
            if (token.isLiteral() && !(token.kind() == Kind.NUMBER && NUMBERED.contains(before))) {
                safe.append('?');
            } else if (token.kind() == Kind.COMMENT) {
                safe.append(token.text().equals(CUT_LIST) ? CUT_LIST : " ");
            } else {
                safe.append(token.text());
            }
            before = token.text().isBlank() ? before : token.text();
        }
        return safe.toString();
    }
}
