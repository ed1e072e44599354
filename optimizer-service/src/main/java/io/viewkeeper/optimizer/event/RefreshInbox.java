// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.event;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.codec.ReceivedEvent;
import io.viewkeeper.schema.consumer.EventOutcome;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The refreshes that this service was told of, {@code viewkeeper.refresh_inbox}. Rows may be written in any order: what
 * came first is in their sequence.
 */
@ApplicationScoped
public class RefreshInbox {
    private static final String CONSUMER = "optimizer";

    private static final String OF_THIS_DATABASE = """
        /* viewkeeper:inbox */
        select pg_catalog.current_database() = $1
        """;

    private static final String MARK_PROCESSED = """
        /* viewkeeper:inbox */
        insert into viewkeeper.processed_event (consumer, ce_id)
        values ($1, $2)
        on conflict do nothing
        """;

    private static final String RECORD = """
        /* viewkeeper:inbox */
        insert into viewkeeper.refresh_inbox (
          event_id, type, view_schema, view_name, view_group, sequence, run_id, method, finished_at, data_as_of, changed,
          error_category)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict do nothing
        """;

    // Of one view, whose events may come in any order; the look that answers it deletes it.
    private static final String MARK = """
        /* viewkeeper:inbox */
        insert into viewkeeper.view_mark as m (view_schema, view_name, sequence)
        values ($1, $2, $3)
        on conflict (view_schema, view_name) do update
        set
          last_marked_at = pg_catalog.clock_timestamp(),
          events = m.events + 1,
          sequence = greatest(m.sequence, excluded.sequence)
        """;

    private static final String RECENT = """
        /* viewkeeper:inbox */
        select
          event_id, type, view_schema, view_name, view_group, sequence, run_id, method, finished_at, data_as_of, changed,
          error_category, received_at
        from viewkeeper.refresh_inbox
        order by finished_at desc, view_schema, view_name, sequence desc
        limit $1
        """;

    private static final String RECENT_OF_VIEW = """
        /* viewkeeper:inbox */
        select
          event_id, type, view_schema, view_name, view_group, sequence, run_id, method, finished_at, data_as_of, changed,
          error_category, received_at
        from viewkeeper.refresh_inbox
        where view_schema = $2
          and view_name = $3
        order by sequence desc
        limit $1
        """;

    private final Database database;

    RefreshInbox(Database database) {
        this.database = database;
    }

    /** Writes the event down, once however often it is delivered. */
    EventOutcome record(ReceivedEvent received) {
        return database.inTransaction(session -> record(session, received));
    }

    private static EventOutcome record(Session session, ReceivedEvent received) {
        var run = received.event().run();
        if (!session.queryOne(OF_THIS_DATABASE, row -> row.getBoolean(0), run.database())) {
            return EventOutcome.STALE;
        }
        if (session.update(MARK_PROCESSED, CONSUMER, received.id()) == 0) {
            return EventOutcome.DUPLICATE;
        }
        int written = session.update(
                RECORD,
                received.id(),
                received.event().type(),
                run.view().schema(),
                run.view().name(),
                run.group(),
                run.sequence(),
                run.runId(),
                run.method().wireName(),
                timestamp(run.finishedAt()),
                timestamp(run.dataAsOf()),
                changed(received.event()),
                errorCategory(received.event()));
        if (written == 0) {
            return EventOutcome.STALE;
        }
        if (received.event() instanceof RefreshCompleted) {
            session.update(MARK, run.view().schema(), run.view().name(), run.sequence());
        }
        return EventOutcome.APPLIED;
    }

    private static @Nullable Boolean changed(RefreshEvent event) {
        return event instanceof RefreshCompleted completed ? completed.changed() : null;
    }

    private static @Nullable String errorCategory(RefreshEvent event) {
        return event instanceof RefreshFailed failed ? failed.error().category().wireName() : null;
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** The newest entries of all views, newest first. */
    public List<InboxEntry> recent(int limit) {
        return database.query(RECENT, RefreshInbox::entry, limit);
    }

    /** The newest entries of one view, newest sequence first. */
    public List<InboxEntry> recentOf(ViewName view, int limit) {
        return database.query(RECENT_OF_VIEW, RefreshInbox::entry, limit, view.schema(), view.name());
    }

    private static InboxEntry entry(Row row) {
        var dataAsOf = row.getOffsetDateTime("data_as_of");
        return new InboxEntry(
                row.getUUID("event_id"),
                row.getString("type"),
                new ViewName(row.getString("view_schema"), row.getString("view_name")),
                row.getString("view_group"),
                row.getLong("sequence"),
                row.getUUID("run_id"),
                row.getString("method"),
                row.getOffsetDateTime("finished_at").toInstant(),
                dataAsOf == null ? null : dataAsOf.toInstant(),
                row.getBoolean("changed"),
                row.getString("error_category"),
                row.getOffsetDateTime("received_at").toInstant());
    }
}
