// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which tables a condition is about, by the aliases that stand before columns. */
final class JoinColumns {
    private JoinColumns() {}

    /** Names of the tables, as the statement calls them, whose columns a condition mentions. */
    static Set<String> aliases(String condition) {
        List<SqlToken> tokens = SqlLexer.meaning(condition);
        var aliases = new LinkedHashSet<String>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            if (ColumnReference.isName(tokens.get(i))
                    && tokens.get(i + 1).isPunctuation(".")
                    && ColumnReference.isName(tokens.get(i + 2))) {
                aliases.add(ColumnReference.name(tokens.get(i)));
                i += 2;
            }
        }
        return aliases;
    }
}
