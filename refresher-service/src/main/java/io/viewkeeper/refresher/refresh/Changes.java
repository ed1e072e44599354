package io.viewkeeper.refresher.refresh;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.schedule.ViewStateAnnouncer;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Notices that somebody else has refreshed, re-created or restored a view. The next event of ours says that it changed; until
 * then the topic of view states tells. For a view that we do not refresh it is all that is known of its age.
 */
final class Changes {
    private static final Logger LOG = Logger.getLogger(Changes.class);

    /** Rows per transaction: bounds how long others wait for the rows. */
    private static final int BATCH = 1_000;

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
        order by s.view_schema, s.view_name
        for no key update
        """;

    // With the lock, and a snapshot of its own. What is seen for the first time is no change, for nothing was said of
    // it.
    // Only where no refresh of ours will come does a change tell the age. Its inputs count as they stood before this
    // look.
    private static final String NOTICE = """
        /* viewkeeper:changes */
        update viewkeeper.view_state s
        set
          noticed_mark = seen.mark,
          change_noticed_at =
            case when s.noticed_mark is null then s.change_noticed_at else pg_catalog.clock_timestamp() end,
          data_as_of = case
            when s.noticed_mark is null
              or s.view_group is not null and s.refusal is null and s.suspended_at is null
            then s.data_as_of
            when seen.populated and not seen.unknown then least(pg_catalog.clock_timestamp(), seen.inputs_as_of)
          end
        from (
          select
            o.view_schema,
            o.view_name,
            o.noticed_mark is not null as noticed,
            c.relispopulated as populated,
        """ + Mark.OF_C + """
             as mark,
            i.unknown,
            i.inputs_as_of
          from viewkeeper.view_state o
          join pg_catalog.pg_class c on c.oid = o.view_oid
          cross join lateral (
            select
              coalesce(pg_catalog.bool_or(i.data_as_of is null), false) as unknown,
              min(i.data_as_of) as inputs_as_of
            from unnest(o.input_oids) as input (oid)
            left join viewkeeper.view_state i on i.view_oid = input.oid and i.dropped_at is null
          ) i
          where (o.view_schema, o.view_name) in (select v.s, v.n from unnest($1::text[], $2::text[]) as v (s, n))
        ) seen
        where s.view_schema = seen.view_schema
          and s.view_name = seen.view_name
          and s.noticed_mark is distinct from seen.mark
        returning s.view_schema, s.view_name, seen.noticed
        """;

    private record Seen(ViewName view, boolean noticed) {
        static Seen read(Row row) {
            return new Seen(ViewNames.of(row), row.getBoolean("noticed"));
        }
    }

    private Changes() {}

    /** One look at all views; what was noticed is logged and announced, once. */
    static void look(Database database) {
        List<ViewName> unseen = database.query(UNSEEN, ViewNames::of);
        for (int from = 0; from < unseen.size(); from += BATCH) {
            List<ViewName> batch = unseen.subList(from, Math.min(unseen.size(), from + BATCH));
            database.inTransaction(session -> notice(session, batch))
                    .forEach(view -> LOG.infof(
                            "view=%s state=changed reason=\"somebody else refreshed, altered or re-created it\"",
                            view));
        }
    }

    private static List<ViewName> notice(Session session, List<ViewName> views) {
        String[] schemas = views.stream().map(ViewName::schema).toArray(String[]::new);
        String[] names = views.stream().map(ViewName::name).toArray(String[]::new);
        session.query(LOCK, row -> row, schemas, names);
        var noticed = new ArrayList<ViewName>();
        for (Seen seen : session.query(NOTICE, Seen::read, schemas, names)) {
            if (seen.noticed()) {
                noticed.add(seen.view());
            }
        }
        ViewStateAnnouncer.announce(session, noticed);
        return noticed;
    }
}
