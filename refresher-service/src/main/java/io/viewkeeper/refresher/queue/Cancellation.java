// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.viewkeeper.schema.database.Database;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Ends runs under way, whichever replica they are of. The one that refreshes records them as failed. */
public final class Cancellation {
    /** Who cancels what does not end within the grace of a shutdown; names of people hold no colon and space. */
    public static final String SHUTDOWN = "viewkeeper: shutdown";

    private static final String MARK = """
        /* viewkeeper:cancellation */
        update viewkeeper.refresh_run
        set cancelled_at = pg_catalog.clock_timestamp(), cancelled_by = $2
        where run_id = any ($1)
          and cancelled_at is null
        returning run_id
        """;

    // The backend that holds the view's advisory lock refreshes it; an advisory lock's key is split into two halves.
    private static final String CANCEL = """
        /* viewkeeper:cancellation */
        select pg_catalog.pg_cancel_backend(l.pid)
        from viewkeeper.refresh_run r
        cross join lateral (
          select pg_catalog.hashtextextended(
            'viewkeeper:"' || pg_catalog.replace(r.view_schema, '"', '""') || '"."'
              || pg_catalog.replace(r.view_name, '"', '""') || '"',
            0) as key
        ) k
        join pg_catalog.pg_locks l
          on l.locktype = 'advisory'
          and l.granted
          and l.objsubid = 1
          and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          and l.classid::bigint = (k.key >> 32) & 4294967295
          and l.objid::bigint = k.key & 4294967295
        where r.cancelled_at is not null
        """;

    private Cancellation() {}

    /** Those that were running and are now told to end. Marked first: a run that is about to begin looks for the mark. */
    public static List<UUID> cancel(Database database, Collection<UUID> runs, String by) {
        UUID[] ids = runs.toArray(UUID[]::new);
        List<UUID> marked = database.query(MARK, row -> row.getUUID("run_id"), ids, by);
        endMarked(database);
        return marked;
    }

    /** Once more, until they have ended: a backend that was between two statements when it was told took no notice. */
    public static void endMarked(Database database) {
        database.query(CANCEL, row -> row);
    }
}
