package io.viewkeeper.refresher.refresh;

import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.util.List;

/** Which of the views that a view reads are not as fresh as they should be. */
final class StaleInputs {

    // Of a view in no group nobody knows how old it should be.
    private static final String STALE = """
        /* viewkeeper:stale-inputs */
        select i.view_schema, i.view_name
        from viewkeeper.view_state s
        join viewkeeper.view_state i on i.view_oid = any (s.input_oids)
        where s.view_schema = $1
          and s.view_name = $2
          and i.dropped_at is null
          and i.view_group is not null
          and i.view_oid::bigint <> all ($3::bigint[])
          and (
            i.last_status is distinct from 'completed'
            or i.refusal is not null
            or i.suspended_at is not null
            or i.data_as_of is null
            or i.data_as_of + i.freshness_target_ms * interval '1 millisecond' < pg_catalog.clock_timestamp()
          )
        order by i.view_schema, i.view_name
        """;

    private StaleInputs() {}

    /** @param fresh views that the same transaction has refreshed */
    static List<ViewName> of(Session session, ViewName view, List<Long> fresh) {
        return session.query(STALE, ViewNames::of, view.schema(), view.name(), fresh.toArray(Long[]::new));
    }
}
