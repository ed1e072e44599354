// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.command;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.state.CommandState;
import io.viewkeeper.refresher.state.CommandState.Pending;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of views over HTTP: a refresh now, none until further notice, schedule again. Everything happens in
 * the caller's transaction. A view has at most one pending run, however often it is asked for.
 */
public final class ViewCommands {
    private static final String COLUMNS = """
        /* viewkeeper:view-commands */
        select
          s.view_schema, s.view_name, s.view_group, s.refusal, s.pending_run_id, s.suspended_at, s.suspended_by,
          w.view_schema as waits_for_schema, w.view_name as waits_for_name
        from viewkeeper.view_state s
        left join lateral (
          select m.view_schema, m.view_name
          from viewkeeper.view_state m
          where s.consistent
            and m.view_group = s.view_group
            and m.dropped_at is null
            and m.suspended_at is not null
          order by m.view_schema, m.view_name
          limit 1
        ) w on true
        where s.dropped_at is null
        """;

    private static final String LOCK_VIEW =
            COLUMNS + "  and s.view_schema = $1\n  and s.view_name = $2\nfor update of s\n";

    // In one order, so that two requests for one group wait for each other instead of dying of it.
    private static final String LOCK_GROUP = COLUMNS
            + "  and s.view_group = $1\norder by s.view_schema collate \"C\", s.view_name collate \"C\"\nfor update of s\n";

    private static final String GROUPS = """
        /* viewkeeper:view-commands */
        select distinct s.view_group
        from viewkeeper.view_state s
        where s.dropped_at is null
          and s.view_group is not null
        order by s.view_group
        limit 100
        """;

    private static final String WAKE = """
        /* viewkeeper:view-commands */
        select pg_catalog.pg_notify('viewkeeper', 'request')
        """;

    /** What became of the wish that a view be refreshed. */
    public sealed interface Request {
        ViewName view();

        /**
         * It will be, as soon as there is a place.
         *
         * @param runId the run to follow
         * @param coalesced somebody asked before and it has not begun: it is that run
         */
        record Accepted(ViewName view, UUID runId, boolean coalesced) implements Request {}

        /** It will not be, and nothing has changed. */
        record Refused(ViewName view, String reason) implements Request {}
    }

    /**
     * A view that is not refreshed until somebody resumes it.
     *
     * @param forgottenRunId the pending run that will not happen; null when there was none
     */
    public record Suspension(Instant suspendedAt, @Nullable UUID forgottenRunId) {}

    private record Found(
            ViewName view,
            @Nullable String group,
            @Nullable String refusal,
            @Nullable UUID pendingRunId,
            @Nullable Instant suspendedAt,
            @Nullable String suspendedBy,
            @Nullable ViewName waitsFor) {

        static Found read(Row row) {
            String waitsFor = row.getString("waits_for_name");
            return new Found(
                    ViewNames.of(row),
                    row.getString("view_group"),
                    row.getString("refusal"),
                    row.getUUID("pending_run_id"),
                    Instants.orNull(row, "suspended_at"),
                    row.getString("suspended_by"),
                    waitsFor == null ? null : new ViewName(row.getString("waits_for_schema"), waitsFor));
        }

        Request request() {
            if (group == null) {
                return new Request.Refused(
                        view, "it belongs to no group: no pattern of viewkeeper.refresh.groups matches it");
            }
            if (refusal != null) {
                return new Request.Refused(view, "it cannot be refreshed as its policy wishes: " + refusal);
            }
            if (suspendedAt != null) {
                return new Request.Refused(
                        view,
                        "it is suspended since " + suspendedAt + " by "
                                + (suspendedBy == null ? "its failures" : suspendedBy)
                                + "; POST /views/{view}/resume first");
            }
            if (waitsFor != null) {
                return new Request.Refused(
                        view,
                        "its group is consistent and waits for " + waitsFor
                                + ", which is suspended; POST /groups/{group}/resume first");
            }
            return pendingRunId == null
                    ? new Request.Accepted(view, UUID.randomUUID(), false)
                    : new Request.Accepted(view, pendingRunId, true);
        }
    }

    private ViewCommands() {}

    /** Asks for a refresh of one view; empty when there is no such view. */
    public static Optional<Request> refreshView(Session session, ViewName view, String by) {
        Optional<Request> request = lock(session, view).map(Found::request);
        request.ifPresent(one -> makeDue(session, List.of(one), by));
        return request;
    }

    /** Asks for a refresh of each view of a group, by name; empty when no view belongs to it. */
    public static List<Request> refreshGroup(Session session, String group, String by) {
        List<Request> requests = session.query(LOCK_GROUP, Found::read, group).stream()
                .map(Found::request)
                .toList();
        makeDue(session, requests, by);
        return requests;
    }

    /** The groups that have views, the first hundred by name. */
    public static List<String> groups(Session session) {
        return session.query(GROUPS, row -> row.getString("view_group"));
    }

    /** No refresh from now on, a pending one included; one that runs goes on. Empty when there is no such view. */
    public static Optional<Suspension> suspend(Session session, ViewName view, String by, @Nullable String reason) {
        return lock(session, view).map(found -> {
            Instant at = suspend(session, List.of(view), by, reason);
            return new Suspension(at, found.pendingRunId());
        });
    }

    /** The same with every view of a group, by name; empty when no view belongs to it. */
    public static List<ViewName> suspendGroup(Session session, String group, String by, @Nullable String reason) {
        List<Found> found = session.query(LOCK_GROUP, Found::read, group);
        List<ViewName> views = found.stream().map(Found::view).sorted().toList();
        if (!views.isEmpty()) {
            suspend(session, views, by, reason);
        }
        return views;
    }

    private static Instant suspend(Session session, List<ViewName> views, String by, @Nullable String reason) {
        Instant at = CommandState.suspend(session, views, by, reason);
        ViewStateAnnouncer.announce(session, views);
        return at;
    }

    /** Due now and with no failures to its name; tells whether it was suspended at all. Empty when there is no such view. */
    public static Optional<Boolean> resume(Session session, ViewName view) {
        return lock(session, view).map(found -> !resume(session, List.of(found)).isEmpty());
    }

    /** The same with every view of a group: whether each was suspended, by name; empty when no view belongs to it. */
    public static SortedMap<ViewName, Boolean> resumeGroup(Session session, String group) {
        List<Found> found = session.query(LOCK_GROUP, Found::read, group);
        var resumed = Set.copyOf(resume(session, found));
        var views = new TreeMap<ViewName, Boolean>();
        found.forEach(view -> views.put(view.view(), resumed.contains(view.view())));
        return views;
    }

    /** Those that were suspended. */
    private static List<ViewName> resume(Session session, List<Found> found) {
        List<ViewName> suspended = found.stream()
                .filter(view -> view.suspendedAt() != null)
                .map(Found::view)
                .toList();
        if (!suspended.isEmpty()) {
            CommandState.resume(session, suspended);
            ViewStateAnnouncer.announce(session, suspended);
            session.queryOne(WAKE, row -> row);
        }
        return suspended;
    }

    private static Optional<Found> lock(Session session, ViewName view) {
        return session.queryFirst(LOCK_VIEW, Found::read, view.schema(), view.name());
    }

    private static void makeDue(Session session, List<Request> requests, String by) {
        var runs = new ArrayList<Pending>();
        for (var request : requests) {
            if (request instanceof Request.Accepted(var view, var runId, var _)) {
                runs.add(new Pending(view, runId));
            }
        }
        if (!runs.isEmpty()) {
            CommandState.makeDue(session, runs, by);
            session.queryOne(WAKE, row -> row);
        }
    }
}
