// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.state.CommandState;
import io.viewkeeper.refresher.state.CommandState.Request;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;

/**
 * What SQL functions such as {@code refresh_realtime_views()} asked for: makes the requested views due. However many
 * requests there are, a view is due once.
 */
public final class RefreshRequests {
    private static final String ANY = """
        /* viewkeeper:refresh-requests */
        select
        from viewkeeper.refresh_request r
        where r.taken_at is null
        limit 1
        """;

    private static final String TAKE = """
        /* viewkeeper:refresh-requests */
        update viewkeeper.refresh_request
        set taken_at = $1
        where request_id in (
          select r.request_id
          from viewkeeper.refresh_request r
          where r.taken_at is null
          order by r.requested_at
          limit 100
          for update skip locked
        )
        returning view_group, view_schema, view_name, requested_by
        """;

    private final Database database;

    public RefreshRequests(Database database) {
        this.database = database;
    }

    /** The views that became due. */
    public List<ViewName> take(Instant now) {
        if (database.queryFirst(ANY, row -> row).isEmpty()) {
            return List.of();
        }
        return StateRows.briefly(
                database,
                session -> CommandState.request(
                        session, session.query(TAKE, RefreshRequests::read, Instants.parameter(now)), now));
    }

    private static Request read(Row row) {
        return new Request(
                row.getString("view_group"),
                row.getString("view_schema"),
                row.getString("view_name"),
                row.getString("requested_by"));
    }
}
