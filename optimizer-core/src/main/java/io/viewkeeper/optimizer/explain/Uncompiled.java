// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.function.Supplier;

/**
 * A question of ours that the planner takes for dear, and that takes milliseconds: compiling it (JIT) would take seconds. The
 * statement that is explained in the same transaction is to be planned as it would be.
 */
final class Uncompiled {
    private static final String WITHOUT_JIT = """
            /* viewkeeper:explain */
            select pg_catalog.set_config('viewkeeper.jit', pg_catalog.current_setting('jit'), true),
              pg_catalog.set_config('jit', 'off', true)""";

    private static final String JIT_AGAIN = """
            /* viewkeeper:explain */
            select pg_catalog.set_config('jit', pg_catalog.current_setting('viewkeeper.jit'), true)""";

    private Uncompiled() {}

    static <T> T in(MeteredSession session, Supplier<T> question) {
        var _ = session.query(WITHOUT_JIT, row -> row);
        T answer = question.get();
        var _ = session.query(JIT_AGAIN, row -> row);
        return answer;
    }
}
