// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.database.StatementReading.Counted;
import io.viewkeeper.metrics.database.StatementReading.Unavailable;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.Entry;
import io.viewkeeper.schema.statement.EntryKey;
import io.viewkeeper.schema.statement.StatementAccess;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads pg_stat_statements, wherever it is installed, without texts: with them the server would read its whole file of
 * them each time.
 */
final class StatementSource {
    /** Entries that are looked at, which bounds the memory: more than the server keeps unless pg_stat_statements.max was raised. */
    static final int MOST = 50_000;

    private StatementSource() {}

    static StatementReading read(Session session) {
        var access = StatementAccess.of(session);
        String name = access.name();
        if (name == null) {
            return new Unavailable(StatementAccess.NOT_INSTALLED.message());
        }
        if (!access.seesAll()) {
            return new Unavailable(access.seesOwnOnly().message());
        }
        try {
            var counted = counted(session, access, name);
            // Asked again: what was withheld in between would seem to be new the next time.
            return StatementAccess.of(session).seesAll()
                    ? counted
                    : new Unavailable(access.seesOwnOnly().message());
        } catch (DatabaseException refused) {
            return new Unavailable(
                    StatementAccess.refusal(refused).orElseThrow(() -> refused).message());
        }
    }

    private static StatementReading counted(Session session, StatementAccess access, String name) {
        String sql = """
        /* viewkeeper:statistics */
        select e.*
        from %s as e
        where e.toplevel
        limit $1
        """.formatted(Entry.ofOthers(name, access.tellsSince()));
        var entries = session.query(sql, Entry::read, MOST);
        Map<EntryKey, Counters> counters = HashMap.newHashMap(entries.size());
        entries.forEach(entry -> counters.put(entry.key(), entry.counters()));
        return new Counted(
                new ServerMoment(access.sampledAt(), access.serverStarted()), counters, entries.size() < MOST);
    }
}
