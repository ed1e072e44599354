// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.change.Mark;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ErrorCategory;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a refresh finds of its view before the work, with the view locked against other refreshes, and what it leaves. */
final class Measurement {

    // The counters of a backend survive its transaction until they are flushed: only a difference tells of this
    // refresh.
    private static final String WRITTEN_SO_FAR = """
          pg_catalog.clock_timestamp() as moment,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid), 0) as inserted,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), 0) as updated,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid), 0) as deleted
        """;

    // to_regclass knows what REFRESH knows; the catalog of a snapshot may show a view that is no more.
    private static final String STILL_THE_SAME = """
        from pg_catalog.pg_class c
        where c.oid = $1::bigint::oid
          and c.oid = pg_catalog.to_regclass($2)
        """;

    // A snapshot of the whole transaction is older than the lock: currtid2 looks at what is committed by now.
    private static final String BEFORE =
            "/* viewkeeper:refresh */\nselect\n" + WRITTEN_SO_FAR + """
        ,
          (
            select s.announced_mark
            from viewkeeper.view_state s
            where s.view_schema = $3
              and s.view_name = $4
          ) is not distinct from
        """ + Mark.OF_C + """
         as as_announced,
          pg_catalog.currtid2('pg_catalog.pg_class', c.ctid) <> c.ctid as replaced
        """ + STILL_THE_SAME;

    // We hold the view's lock, so its size can be asked for without waiting, and its name is what it will be.
    private static final String AFTER =
            "/* viewkeeper:refresh */\nselect\n" + WRITTEN_SO_FAR + """
        ,
          case when c.reltuples >= 0 then c.reltuples::bigint end as rows_estimate,
          pg_catalog.pg_total_relation_size(c.oid) as size_bytes,
          pg_catalog.current_setting('track_counts')::boolean as counted,
        """ + Mark.OF_C + " as mark\n" + STILL_THE_SAME;

    private final MaterializedView view;
    private final boolean mayAskForMark;
    private final Inputs inputs;
    private final Age age;
    private final Measured.Rows writtenBefore;
    private final boolean asAnnounced;

    private Measurement(MaterializedView view, boolean mayAskForMark, Inputs inputs, Age age, Row row) {
        this.view = view;
        this.mayAskForMark = mayAskForMark;
        this.inputs = inputs;
        this.age = age;
        this.writtenBefore = Measured.Rows.of(row);
        this.asAnnounced = row.getBoolean("as_announced");
    }

    /**
     * Before the statement that takes the snapshot of what the view shows.
     *
     * @param mayAskForMark see {@link Mark#in}
     * @param snapshotAt no later than the one snapshot of a consistent group; null where each view has its own
     * @param refreshedHere of the same transaction, by oid
     */
    static Measurement before(
            Session session,
            MaterializedView view,
            boolean mayAskForMark,
            @Nullable Instant snapshotAt,
            Map<Long, Age> refreshedHere) {
        Row row = session.queryFirst(
                        Mark.in(BEFORE, mayAskForMark),
                        found -> found,
                        view.oid(),
                        view.name().quoted(),
                        view.name().schema(),
                        view.name().name())
                .orElseThrow(Measurement::replaced);
        if (snapshotAt != null && row.getBoolean("replaced")) {
            throw new RefusedException(
                    ErrorCategory.OTHER,
                    "somebody else refreshed or altered the view after the snapshot of its group was taken",
                    true);
        }
        Inputs inputs = Inputs.of(session, view.oid());
        Age age = inputs.age(snapshotAt == null ? Instants.of(row, "moment") : snapshotAt, refreshedHere);
        return new Measurement(view, mayAskForMark, inputs, age, row);
    }

    Measured after(Session session, RefreshStep step, Progress progress) {
        if (!inputs.areStillRead(session, view.oid())) {
            throw new RefusedException(
                    ErrorCategory.OTHER, "somebody replaced a view that it reads while the refresh began", true);
        }
        return session.queryFirst(
                        Mark.in(AFTER, mayAskForMark),
                        row -> measured(step, progress, row),
                        view.oid(),
                        view.name().quoted())
                .orElseThrow(Measurement::replaced);
    }

    private Measured measured(RefreshStep step, Progress progress, Row row) {
        return new Measured(
                view.oid(),
                step.method(),
                age,
                Instants.of(row, "moment"),
                progress.lockWaitMillis(),
                step.written(writtenBefore, row),
                new Measured.Size(row.getLong("rows_estimate"), row.getLong("size_bytes")),
                row.getString("mark"),
                !asAnnounced);
    }

    private static RefusedException replaced() {
        return new RefusedException(
                ErrorCategory.UNDEFINED_OBJECT, "the view was renamed or re-created while its refresh began", true);
    }
}
