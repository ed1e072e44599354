// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import java.util.Map;

/** What pg_stat_statements says. */
sealed interface StatementReading {
    /** @param complete false where there were more than are looked at */
    record Counted(ServerMoment moment, Map<EntryKey, Counters> totals, boolean complete) implements StatementReading {}

    /** @param reason and what to do about it */
    record Unavailable(String reason) implements StatementReading {}
}
