// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.util.List;

/** Views that were refreshed and not looked at since, {@code viewkeeper.view_mark}; the inbox writes them. */
final class Marks {
    // All or none: a burst of events over many views is one look.
    private static final String RIPE = """
        /* viewkeeper:look */
        select view_schema, view_name, first_marked_at, last_marked_at, events
        from viewkeeper.view_mark
        where exists (
          select
          from viewkeeper.view_mark
          having pg_catalog.max(last_marked_at) <= pg_catalog.clock_timestamp() - $1 * interval '1 ms'
            or pg_catalog.min(first_marked_at) <= pg_catalog.clock_timestamp() - $2 * interval '1 ms'
        )
        order by view_schema, view_name
        """;

    private static final String LOOKED_AT = """
        /* viewkeeper:look */
        delete from viewkeeper.view_mark
        where view_schema = $1
          and view_name = $2
          and last_marked_at <= $3
        """;

    // One that was marked again in the meantime stays, with what has come since.
    private static final String MARKED_AGAIN = """
        /* viewkeeper:look */
        update viewkeeper.view_mark
        set
          first_marked_at = last_marked_at,
          events = events - $3
        where view_schema = $1
          and view_name = $2
          and events > $3
        """;

    private final Database database;
    private final AnalysisSettings settings;

    Marks(Database database, AnalysisSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** Those to look at now; none while more may come. */
    List<Mark> ripe() {
        return database.query(
                RIPE,
                row -> new Mark(
                        new ViewName(row.getString("view_schema"), row.getString("view_name")),
                        Instants.of(row, "first_marked_at"),
                        Instants.of(row, "last_marked_at"),
                        row.getLong("events")),
                (double) settings.settle().toMillis(),
                (double) settings.latest().toMillis());
    }

    void lookedAt(List<Mark> marks) {
        database.inTransaction(session -> {
            for (Mark mark : marks) {
                String schema = mark.view().schema();
                String name = mark.view().name();
                session.update(LOOKED_AT, schema, name, Instants.parameter(mark.lastMarkedAt()));
                session.update(MARKED_AGAIN, schema, name, mark.events());
            }
            return marks;
        });
    }
}
