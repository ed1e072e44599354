// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.survey;

import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.schema.catalog.RolePath;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement, however many entries pg_stat_statements has of it: one for each user and each queryid.
 *
 * @param text as pg_stat_statements has it: only to be planned, never stored nor logged
 * @param path of the role that executes it; null where the role is gone
 * @param entries at least one, that with the most time first
 */
public record CountedStatement(
        StatementText known,
        String text,
        StatementKind kind,
        @Nullable RolePath path,
        Map<EntryKey, Counters> entries) {
    public CountedStatement {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** Another entry, or several, of the same statement. */
    CountedStatement and(CountedStatement more) {
        var all = new LinkedHashMap<>(entries);
        all.putAll(more.entries);
        return new CountedStatement(known, text, kind, path, all);
    }

    public String id() {
        return known.id();
    }

    /** Of its entry with the most time. */
    public long queryId() {
        return entries.keySet().iterator().next().queryId();
    }

    /** Since the server began to count. */
    public Counters counted() {
        return entries.values().stream().reduce(Counters::plus).orElseThrow();
    }
}
