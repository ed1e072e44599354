// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.database.Database;
import java.time.Duration;
import java.util.UUID;

/**
 * Which of several optimizers looks at the database: the one whose turn has not run out. Not a lock of a session, which
 * would break behind a pooler that hands out transactions.
 */
final class Turn {
    /** Longer than any one statement of a look; whoever dies keeps the others waiting for so long. */
    private static final Duration LENGTH = Duration.ofSeconds(30);

    private static final String TAKE = """
        /* viewkeeper:look */
        insert into viewkeeper.analysis_turn as t (instance, process_id, until)
        values ($1, $2, pg_catalog.clock_timestamp() + $3 * interval '1 ms')
        on conflict (only_row) do update
        set instance = excluded.instance, process_id = excluded.process_id, until = excluded.until
        where t.process_id = excluded.process_id
          or t.until < pg_catalog.clock_timestamp()
        """;

    private static final String LEAVE = """
        /* viewkeeper:look */
        delete from viewkeeper.analysis_turn
        where process_id = $1
        """;

    private final Database database;
    private final String instance;
    private final UUID process = UUID.randomUUID();

    Turn(Database database, String instance) {
        this.database = database;
        this.instance = instance;
    }

    /** Takes or prolongs it; false while it is another's. */
    boolean take() {
        return database.update(TAKE, instance, process, (double) LENGTH.toMillis()) == 1;
    }

    void leave() {
        database.update(LEAVE, process);
    }
}
