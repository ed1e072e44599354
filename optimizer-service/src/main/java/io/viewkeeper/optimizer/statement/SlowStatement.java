// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.viewkeeper.optimizer.examine.Likeness;
import io.viewkeeper.optimizer.survey.StatementKind;
import io.viewkeeper.schema.catalog.RolePath;
import io.viewkeeper.schema.statement.Counters;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is slow, however many entries pg_stat_statements has of it.
 *
 * @param id {@link io.viewkeeper.optimizer.sql.StatementText#id}
 * @param redacted text without values
 * @param text as pg_stat_statements has it: only to be planned, never stored nor logged
 * @param queryId of its entry with the most time
 * @param counted since the server began to count
 * @param window since the last look; the same as counted at the first
 * @param load of the last day
 * @param path of the role that executes it; null where the role is gone
 */
public record SlowStatement(
        String id,
        String redacted,
        String text,
        StatementKind kind,
        long queryId,
        Counters counted,
        Counters window,
        Load load,
        @Nullable RolePath path) {
    /** Those of the window, or where these are too few to have a mean, all that were counted. */
    public Counters usualCalls() {
        return window.calls() >= Likeness.LEAST_CALLS ? window : counted;
    }
}
