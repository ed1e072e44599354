// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values on their way to EXECUTE. They travel as parameters and wait in settings of the transaction, since the server keeps
 * the texts of EXPLAIN statements, and shows them.
 */
final class Arguments {
    private static final String SET = """
            /* viewkeeper:explain */
            select pg_catalog.set_config('viewkeeper.v' || v.n, v.value, true)
            from pg_catalog.unnest($1::text[]) with ordinality as v (value, n)
            where v.value is not null""";

    private Arguments() {}

    /** Expressions for EXECUTE, one for each type. */
    static List<String> of(MeteredSession session, List<String> types, List<@Nullable String> values) {
        var expressions = new ArrayList<String>();
        for (int i = 0; i < types.size(); i++) {
            expressions.add(
                    values.get(i) == null
                            ? "null"
                            : "pg_catalog.current_setting('viewkeeper.v%d')::%s".formatted(i + 1, types.get(i)));
        }
        var _ = session.query(SET, row -> row, (Object) values.toArray(String[]::new));
        return expressions;
    }
}
