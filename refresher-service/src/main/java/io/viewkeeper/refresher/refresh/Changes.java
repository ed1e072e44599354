package io.viewkeeper.refresher.refresh;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.schedule.ViewStateAnnouncer;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notices that somebody else has refreshed, re-created or restored a view. The next event of ours says that it changed; until
 * then the topic of view states tells. For a view that we do not refresh it is all that is known of its age. Not thread-safe.
 */
final class Changes {
    private static final Logger LOG = Logger.getLogger(Changes.class);

    /** Rows per transaction: bounds how long others wait for the rows. */
    private static final int BATCH = 1_000;

    /** Looks that are remembered: of a refresh by hand that takes longer than all of them nobody knows when it began. */
    private static final int LOOKS = 360;

    // In one statement, so that a refresh of ours is seen in both tables or in neither.
    private static final String UNSEEN = """
        /* viewkeeper:changes */
        select s.view_schema, s.view_name
        from viewkeeper.view_state s
        join pg_catalog.pg_class c on c.oid = s.view_oid
        where s.dropped_at is null
          and s.noticed_mark is distinct from
        """ + Mark.OF_C + """
        order by s.view_schema, s.view_name
        """;

    private static final String LOCK = """
        /* viewkeeper:changes */
        select
        from viewkeeper.view_state s
        where (s.view_schema, s.view_name) in (select v.s, v.n from unnest($1::text[], $2::text[]) as v (s, n))
        order by s.view_schema collate "C", s.view_name collate "C"
        for no key update
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

    private static final String NOTICE = """
        /* viewkeeper:changes */
        update viewkeeper.view_state s
        set
          noticed_mark = v.mark,
          data_as_of = v.data_as_of,
          change_noticed_at =
            case when s.noticed_mark is null then s.change_noticed_at else pg_catalog.clock_timestamp() end
        from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as v (view_schema, view_name, mark, data_as_of)
        where s.view_schema = v.view_schema
          and s.view_name = v.view_name
        """;

    // Nobody can read it, and those that read it wait.
    private static final String EMPTIED = """
        /* viewkeeper:changes */
        update viewkeeper.view_state s
        set next_due_at = $1
        from pg_catalog.pg_class c
        where c.oid = s.view_oid
          and not c.relispopulated
          and s.dropped_at is null
          and s.view_group is not null
          and s.refusal is null
          and s.suspended_at is null
          and s.consecutive_failures = 0
          and s.next_due_at > $1
        returning s.view_schema, s.view_name
        """;

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
    private final Deque<Look> looks = new ArrayDeque<>();
    private boolean mayAskForMark = true;

    Changes(Database database) {
        this.database = database;
    }

    /** One look at all views; what was noticed is logged and announced, once. One that was emptied is due. */
    void look(Instant now) {
        looks.addLast(Look.now(database));
        if (looks.size() > LOOKS) {
            looks.removeFirst();
        }
        askWhetherMarksAreWhole();
        List<ViewName> unseen = database.query(Mark.in(UNSEEN, mayAskForMark), ViewNames::of);
        for (int from = 0; from < unseen.size(); from += BATCH) {
            List<ViewName> batch = unseen.subList(from, Math.min(unseen.size(), from + BATCH));
            database.inTransaction(session -> notice(session, batch))
                    .forEach(view -> LOG.infof(
                            "view=%s state=changed reason=\"somebody else refreshed, altered or re-created it\"",
                            view));
        }
        refillEmptied(now);
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
        List<ViewName> emptied = database.inTransaction(session -> {
            List<ViewName> views = session.query(EMPTIED, ViewNames::of, Instants.parameter(now));
            ViewStateAnnouncer.announce(session, views);
            return views;
        });
        emptied.forEach(view -> LOG.infof("view=%s state=due reason=\"somebody else emptied it\"", view));
    }

    private List<ViewName> notice(Session session, List<ViewName> views) {
        String[] schemas = views.stream().map(ViewName::schema).toArray(String[]::new);
        String[] names = views.stream().map(ViewName::name).toArray(String[]::new);
        session.query(LOCK, row -> row, schemas, names);
        List<Seen> seen = session.query(Mark.in(SEEN, mayAskForMark), Seen::read, schemas, names);
        session.update(
                NOTICE,
                seen.stream().map(one -> one.view().schema()).toArray(String[]::new),
                seen.stream().map(one -> one.view().name()).toArray(String[]::new),
                seen.stream().map(Seen::mark).toArray(String[]::new),
                seen.stream().map(one -> Instants.parameter(dataAsOf(one))).toArray(OffsetDateTime[]::new));
        // What is seen for the first time is no change, for nothing was said of it.
        List<ViewName> noticed = seen.stream()
                .filter(one -> one.noticedMark() != null)
                .map(Seen::view)
                .toList();
        ViewStateAnnouncer.announce(session, noticed);
        return noticed;
    }

    /** Of a view that we refresh, and of what may be no refresh at all, nothing new is known: an old bound stays true. */
    private @Nullable Instant dataAsOf(Seen seen) {
        if (seen.noticedMark() == null || !seen.unkept() || !seen.populated()) {
            return seen.dataAsOf();
        }
        Mark mark = Mark.of(seen.mark());
        if (!mark.mayBeFilledSince(Mark.of(seen.noticedMark()))) {
            return seen.dataAsOf();
        }
        Instant newer = newestBefore(mark.xid())
                .flatMap(look -> look.ageOf(seen.inputs()))
                .orElse(null);
        return seen.dataAsOf() == null || (newer != null && newer.isAfter(seen.dataAsOf())) ? newer : seen.dataAsOf();
    }

    private Optional<Look> newestBefore(int xid) {
        var newestFirst = looks.descendingIterator();
        while (newestFirst.hasNext()) {
            Look look = newestFirst.next();
            if (look.isBefore(xid)) {
                return Optional.of(look);
            }
        }
        return Optional.empty();
    }
}
