// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The columns of an expression, whatever they are compared with: no values, no parameters, no types, no functions. */
public final class ConditionColumns {
    private static final Set<String> NO_COLUMNS = Set.of(
            "and",
            "or",
            "not",
            "is",
            "null",
            "true",
            "false",
            "unknown",
            "any",
            "all",
            "array",
            "case",
            "when",
            "then",
            "else",
            "end",
            "distinct",
            "from",
            "like",
            "ilike",
            "in",
            "between",
            "collate",
            "asc",
            "using",
            "row",
            "exists",
            "initplan",
            "subplan",
            "hashed",
            "at",
            "time",
            "zone",
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_catalog",
            "current_role",
            "current_schema",
            "current_user",
            "session_user",
            "user");
    /** The second words of types: character varying, timestamp with time zone. */
    private static final Set<String> OF_TYPES = Set.of("varying", "precision", "with", "without", "time", "zone");

    private final List<SqlToken> tokens;
    private final List<String> columns = new ArrayList<>();
    private int at;

    private ConditionColumns(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /** In the order of the text, some more than once; with {@code desc} and {@code nulls first} of a sort key. */
    public static List<String> of(String expression) {
        return of(SqlLexer.meaning(expression));
    }

    /** The same of tokens without comments and blanks. */
    public static List<String> of(List<SqlToken> expression) {
        var found = new ConditionColumns(expression);
        while (found.at < found.tokens.size()) {
            found.next();
        }
        return found.columns;
    }

    private void next() {
        SqlToken token = tokens.get(at);
        if (token.isPunctuation("::") || token.isWord("collate")) {
            at++;
            name();
            return;
        }
        // (InitPlan 1).col1 is a parameter.
        boolean field = at > 0 && is(at - 1, ".");
        at++;
        if (field) {
            return;
        }
        if ((token.kind() != Kind.WORD && token.kind() != Kind.QUOTED_NAME) || NO_COLUMNS.contains(token.folded())) {
            return;
        }
        var name = new StringBuilder(token.folded());
        while (is(at, ".") && at + 1 < tokens.size() && isName(at + 1)) {
            name.append('.').append(tokens.get(at + 1).folded());
            at += 2;
        }
        if (!is(at, "(")) {
            columns.add(name.toString());
        }
    }

    /** Of a type, or of a collation. */
    private void name() {
        if (isName(at)) {
            at++;
        }
        while (is(at, ".") && isName(at + 1)) {
            at += 2;
        }
        while (isName(at) && OF_TYPES.contains(tokens.get(at).folded())) {
            at++;
        }
    }

    private boolean is(int index, String sign) {
        return index < tokens.size() && tokens.get(index).isPunctuation(sign);
    }

    private boolean isName(int index) {
        return index < tokens.size()
                && (tokens.get(index).kind() == Kind.WORD || tokens.get(index).kind() == Kind.QUOTED_NAME);
    }
}
