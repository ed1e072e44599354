// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.survey;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.Locale;
import java.util.Set;

/** What a statement does, from its first word. */
public enum StatementKind {
    /** Reads: SELECT, WITH, VALUES, TABLE. A WITH may still write. */
    QUERY,
    /** INSERT, UPDATE, DELETE, MERGE. */
    WRITE,
    /** Everything that has no plan. */
    UTILITY,
    /** The text is withheld from our role. */
    HIDDEN;

    private static final Set<String> QUERIES = Set.of("select", "with", "values", "table");
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge");

    /** How the server spells a text that we may not read. */
    static final String WITHHELD = "<insufficient privilege>";

    public static StatementKind of(String text) {
        if (text.equals(WITHHELD)) {
            return HIDDEN;
        }
        String first = SqlLexer.meaning(text).stream()
                .filter(token -> !token.isPunctuation("("))
                .findFirst()
                .map(SqlToken::folded)
                .orElse("");
        if (QUERIES.contains(first)) {
            return QUERY;
        }
        return WRITES.contains(first) ? WRITE : UTILITY;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
