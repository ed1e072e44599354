// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static java.util.Objects.requireNonNull;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.state.CatalogState;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.database.SqlState;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notices that somebody else has refreshed, re-created or restored a view. The next event of ours says that it changed; until
 * then the topic of view states tells. For a view that we do not refresh it is all that is known of its age. Not thread-safe.
 */
public final class Changes {
    private static final Logger LOG = Logger.getLogger(Changes.class);

    /** Rows per transaction: bounds how long others wait for the rows. */
    private static final int BATCH = 1_000;

    /** How long rows are read at one look: the rest is noticed by the next. */
    private static final Duration READING = Duration.ofMillis(500);

    // In one statement, so that a refresh of ours is seen in both tables or in neither.
    private static final String UNSEEN = """
        /* viewkeeper:changes */
        select
          s.view_schema,
          s.view_name,
          s.noticed_mark is not null
            and (s.view_group is null or s.refusal is not null or s.suspended_at is not null)
            and c.relispopulated
            and coalesce(pg_catalog.has_schema_privilege(c.relnamespace, 'usage'), false)
            and coalesce(pg_catalog.has_table_privilege(c.oid, 'select'), false) as rows_tell,
        """ + Mark.OF_C + """
          as mark
        from viewkeeper.view_state s
        join pg_catalog.pg_class c on c.oid = s.view_oid
        where s.dropped_at is null
          and s.noticed_mark is distinct from
        """ + Mark.OF_C + """
        order by s.view_schema, s.view_name
        """;

    // With the lock, and a snapshot of its own.
    private static final String SEEN = """
        /* viewkeeper:changes */
        select
          s.view_schema, s.view_name, s.noticed_mark, s.data_as_of, s.input_oids::bigint[] as input_oids, c.relispopulated,
          s.view_group is null or s.refusal is not null or s.suspended_at is not null as unkept,
        """ + Mark.OF_C + """
          as mark
        from viewkeeper.view_state s
        join pg_catalog.pg_class c on c.oid = s.view_oid
        where (s.view_schema, s.view_name) in (select v.s, v.n from unnest($1::text[], $2::text[]) as v (s, n))
          and s.noticed_mark is distinct from
        """ + Mark.OF_C;

    /**
     * A view of which the mark is not the one that was noticed.
     *
     * @param rowsTell of its age nothing else is known: nobody keeps it, and we may read it
     * @param writer of its newest row; null where that is not known
     */
    private record Unseen(
            ViewName view,
            String mark,
            boolean rowsTell,
            @Nullable Integer writer) {
        static Unseen read(Row row) {
            return new Unseen(ViewNames.of(row), row.getString("mark"), row.getBoolean("rows_tell"), null);
        }

        /** Whether what its rows told is still so. */
        boolean isStill(Seen seen) {
            return !rowsTell || mark.equals(seen.mark());
        }
    }

    private record Seen(
            ViewName view,
            @Nullable String noticedMark,
            String mark,
            @Nullable Instant dataAsOf,
            List<Long> inputs,
            boolean populated,
            boolean unkept) {
        static Seen read(Row row) {
            return new Seen(
                    ViewNames.of(row),
                    row.getString("noticed_mark"),
                    row.getString("mark"),
                    Instants.orNull(row, "data_as_of"),
                    List.of(row.getArrayOfLongs("input_oids")),
                    row.getBoolean("relispopulated"),
                    row.getBoolean("unkept"));
        }
    }

    private static final String MAY_ASK_FOR_MARK = "/* viewkeeper:changes */ select " + Mark.MAY_ASK;

    private final Database database;
    private final Looks looks = new Looks();
    private boolean mayAskForMark = true;

    public Changes(Database database) {
        this.database = database;
    }

    /** One look at all views; what was noticed is logged and announced, once. One that was emptied is due. */
    public void look(Instant now) {
        Look look = Look.now(database);
        looks.add(look);
        askWhetherMarksAreWhole();
        List<Unseen> unseen = withWriters(database.query(Mark.in(UNSEEN, mayAskForMark), Unseen::read), look);
        for (int from = 0; from < unseen.size(); from += BATCH) {
            List<Unseen> batch = unseen.subList(from, Math.min(unseen.size(), from + BATCH));
            StateRows.briefly(database, session -> notice(session, batch))
                    .forEach(view -> LOG.infof(
                            "view=%s state=changed reason=\"somebody else refreshed, altered or re-created it\"",
                            view));
        }
        refillEmptied(now);
    }

    /** Without those whose rows cannot be read now: they are looked at another time. */
    private List<Unseen> withWriters(List<Unseen> unseen, Look look) {
        long began = System.nanoTime();
        var told = new ArrayList<Unseen>();
        for (Unseen one : unseen) {
            Mark mark = Mark.of(one.mark());
            if (!one.rowsTell()) {
                told.add(one);
            } else if (!look.locked().contains(mark.oid()) && System.nanoTime() - began < READING.toNanos()) {
                withWriter(one, mark).ifPresent(told::add);
            }
        }
        return told;
    }

    private Optional<Unseen> withWriter(Unseen one, Mark mark) {
        try {
            Integer writer = NewestRow.writer(database, one.view(), mark).orElse(null);
            return Optional.of(new Unseen(one.view(), one.mark(), true, writer));
        } catch (DatabaseException unreadable) {
            if (unreadable.sqlState().connectionLost()) {
                throw unreadable;
            }
            return unreadable.sqlState().equals(SqlState.LOCK_NOT_AVAILABLE) ? Optional.empty() : Optional.of(one);
        }
    }

    private void askWhetherMarksAreWhole() {
        boolean may = database.queryOne(MAY_ASK_FOR_MARK, row -> row.getBoolean(0));
        if (may != mayAskForMark) {
            mayAskForMark = may;
            LOG.infof(
                    may
                            ? "marks=whole each view counts as changed once"
                            : "marks=partial reason=\"pg_control_system() and pg_control_checkpoint() may not both be executed, so another"
                                    + " cluster is known by its views' OIDs only\" hint=\"grant execute on function"
                                    + " pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint() to viewkeeper_refresher\"");
        }
    }

    private void refillEmptied(Instant now) {
        List<ViewName> emptied = StateRows.briefly(database, session -> {
            List<ViewName> views = CatalogState.refill(session, now);
            ViewStateAnnouncer.announce(session, views);
            return views;
        });
        emptied.forEach(view -> LOG.infof("view=%s state=due reason=\"somebody else emptied it\"", view));
    }

    private List<ViewName> notice(Session session, List<Unseen> views) {
        var unseen = new HashMap<ViewName, Unseen>();
        views.forEach(one -> unseen.put(one.view(), one));
        var names = views.stream().map(Unseen::view).toList();
        StateRows.lock(session, names);
        List<Seen> seen = session
                .query(
                        Mark.in(SEEN, mayAskForMark),
                        Seen::read,
                        names.stream().map(ViewName::schema).toArray(String[]::new),
                        names.stream().map(ViewName::name).toArray(String[]::new))
                .stream()
                .filter(one -> requireNonNull(unseen.get(one.view())).isStill(one))
                .toList();
        CatalogState.change(
                session,
                seen.stream()
                        .map(one -> new CatalogState.Change(
                                one.view(),
                                one.mark(),
                                dataAsOf(
                                        one,
                                        requireNonNull(unseen.get(one.view())).writer())))
                        .toList());
        // What is seen for the first time is no change, for nothing was said of it.
        List<ViewName> noticed = seen.stream()
                .filter(one -> one.noticedMark() != null)
                .map(Seen::view)
                .toList();
        ViewStateAnnouncer.announce(session, noticed);
        return noticed;
    }

    /** Of a view that we refresh, and of one whose rows tell nothing, nothing new is known: an old bound stays true. */
    private @Nullable Instant dataAsOf(Seen seen, @Nullable Integer writer) {
        if (!seen.populated()) {
            return null; // It has no data.
        }
        if (seen.noticedMark() == null || !seen.unkept() || writer == null) {
            return seen.dataAsOf();
        }
        Instant newer = looks.ageOf(writer, Mark.of(seen.noticedMark()), Mark.of(seen.mark()), seen.inputs())
                .orElse(null);
        return seen.dataAsOf() == null || (newer != null && newer.isAfter(seen.dataAsOf())) ? newer : seen.dataAsOf();
    }
}
