// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.database.Work;
import io.viewkeeper.schema.event.ViewName;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code viewkeeper.view_state}, which only this package writes. Whoever locks several does it in one order: two that
 * write overlapping views wait for each other, and never for ever.
 */
public final class StateRows {

    /** A CTE for statements that write several rows. */
    static final String LOCKED = """
        with locked as (
          select s.view_schema, s.view_name
          from viewkeeper.view_state s
          where %s
          order by s.view_schema collate "C", s.view_name collate "C"
          for no key update
        )
        """;

    /** Of the views in the first two parameters. */
    static final String NAMED =
            "(s.view_schema, s.view_name) in (select v.s, v.n from unnest($1::text[], $2::text[]) as v (s, n))";

    // Whoever holds a row for longer delays a turn by this, and not by all that a statement may take.
    private static final String BRIEFLY = """
        /* viewkeeper:view-states */
        select pg_catalog.set_config('lock_timeout', '2s', true)
        """;

    private static final String LOCK = """
        /* viewkeeper:view-states */
        select
          s.view_schema,
          s.view_name,
          s.event_sequence,
          s.data_as_of,
          s.consecutive_failures,
          s.lasting_failures,
          s.suspended_at is not null as suspended,
          s.suspended_by is not null or s.view_group is null or s.refusal is not null or s.dropped_at is not null as held,
          pg_catalog.clock_timestamp() as moment
        from viewkeeper.view_state s
        where %s
        order by s.view_schema collate "C", s.view_name collate "C"
        for update
        """.formatted(NAMED);

    private StateRows() {}

    /** A transaction of the loop: it gives up what others hold, for the next turn comes soon. */
    public static <T> T briefly(Database database, Work<T> work) {
        return database.inTransaction(session -> {
            session.queryOne(BRIEFLY, row -> row);
            return work.in(session);
        });
    }

    /** How these views stand, in order of name, each row locked until the transaction ends; without those that have none. */
    public static List<Standing> lock(Session session, Collection<ViewName> views) {
        return session.query(LOCK, Standing::read, schemas(views), names(views));
    }

    static String[] schemas(Collection<ViewName> views) {
        return views.stream().map(ViewName::schema).toArray(String[]::new);
    }

    static String[] names(Collection<ViewName> views) {
        return views.stream().map(ViewName::name).toArray(String[]::new);
    }

    static <S, T> Object column(List<S> records, Function<S, @Nullable T> value, IntFunction<@Nullable T[]> array) {
        return records.stream().map(value).toArray(array);
    }
}
