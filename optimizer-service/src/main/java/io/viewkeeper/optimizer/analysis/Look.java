// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.statement.Notice;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One look at the slow statements, after views were refreshed or because it was time.
 *
 * @param views that were refreshed, as schema.name
 * @param events refreshes of which it is the one look
 * @param concerned slow statements that read one of the views or what they read
 * @param planned analyses that ended with a plan, the executed ones included
 * @param postponed statements left for later because the budget was spent
 * @param databaseMillis what it took of the database
 * @param vacuums one line for each view that was or should have been vacuumed
 */
public record Look(
        UUID lookId,
        Instant startedAt,
        Instant finishedAt,
        String instance,
        List<String> views,
        long events,
        int slowStatements,
        int concerned,
        int planned,
        int executed,
        int unexplained,
        int postponed,
        int regressions,
        int statementsIssued,
        double databaseMillis,
        List<String> vacuums,
        List<Notice> notices) {
    public Look {
        views = List.copyOf(views);
        vacuums = List.copyOf(vacuums);
        notices = List.copyOf(notices);
    }
}
