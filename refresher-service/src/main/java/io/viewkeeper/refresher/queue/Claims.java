// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.queue.LoadCeiling.Ceiling;
import io.viewkeeper.refresher.register.Circles;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.state.RunState;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes due views for this process, by committing a row for each run before it begins. One replica claims at a time, so that
 * what one look finds due is still due when its row is written.
 */
public final class Claims {
    private static final Logger LOG = Logger.getLogger(Claims.class);

    private static final String ANY_DUE = """
        /* viewkeeper:claims */
        select
        from viewkeeper.view_state s
        where s.next_due_at <= $1
          and s.dropped_at is null
          and s.refusal is null
        limit 1
        """;

    private static final String LOCK = """
        /* viewkeeper:claims */
        select pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:claims', 0))
        """;

    private static final String MEMBERS = """
        /* viewkeeper:claims */
        select s.view_schema, s.view_name, s.view_oid::bigint, s.input_oids::bigint[] as input_oids
        from viewkeeper.view_state s
        where s.view_group = $1
          and s.dropped_at is null
          and s.refusal is null
        order by s.view_schema, s.view_name
        """;

    private static final String BEGIN = """
        /* viewkeeper:claims */
        insert into viewkeeper.refresh_run (
          run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, requested_by,
          expected_duration_ms, instance, process_id)
        select
          $1, s.view_schema, s.view_name, s.view_oid, s.view_group, s.due_trigger, s.consecutive_failures + 1,
          coalesce(s.next_due_at, $2), $3, s.expected_duration_ms, $4, $5
        from viewkeeper.view_state s
        where s.view_schema = $6
          and s.view_name = $7
        """;

    private record Member(ViewName view, long oid, List<Long> inputs) {
        static Member read(Row row) {
            return new Member(
                    ViewNames.of(row), row.getLong("view_oid"), Arrays.asList(row.getArrayOfLongs("input_oids")));
        }
    }

    private final Database database;
    private final Policies policies;
    private final Heartbeat heartbeat;

    public Claims(Database database, Policies policies, Heartbeat heartbeat) {
        this.database = database;
        this.policies = policies;
        this.heartbeat = heartbeat;
    }

    /**
     * What this process is to refresh now, committed as its own. Of what is due and waits, the reason is written.
     *
     * @param most batches
     * @param circles within which no view waits for another
     * @param ceiling views below it wait
     */
    public List<Batch> claim(Instant now, int most, Circles circles, Ceiling ceiling) {
        if (database.queryFirst(ANY_DUE, row -> row, Instants.parameter(now)).isEmpty()) {
            return List.of();
        }
        if (!ceiling.equals(Ceiling.NONE)) {
            // Apart, for its rows come in the order of names, too.
            var load = new Wait(Wait.Reason.LOAD, ceiling.reason());
            StateRows.briefly(
                    database, session -> RunState.waitBelow(session, now, ceiling.lowestPriority(), load.toString()));
        }
        return StateRows.briefly(database, session -> {
            // Another replica claims at this moment; what it leaves is taken at the next turn.
            if (!session.queryOne(LOCK, row -> row.getBoolean(0))) {
                return List.of();
            }
            var due = new DueViews(session, now, policies, circles, ceiling.lowestPriority());
            List<Candidate> candidates = due.startable(most).stream()
                    .map(one -> candidate(session, one))
                    .toList();
            var written = new HashSet<>(due.news().keySet());
            candidates.forEach(one -> written.addAll(one.views()));
            StateRows.lock(session, written);
            wait(session, due.news());
            return candidates.stream()
                    .map(one -> claim(session, one, now))
                    .filter(batch -> !batch.attempts().isEmpty())
                    .toList();
        });
    }

    private static void wait(Session session, Map<ViewName, @Nullable String> news) {
        if (!news.isEmpty()) {
            RunState.wait(session, news);
            news.forEach((view, waitsFor) -> {
                if (waitsFor != null) {
                    LOG.debugf("view=%s state=waiting reason=\"%s\"", view, waitsFor);
                }
            });
        }
    }

    /** What one batch is to be. */
    private record Candidate(List<ViewName> views, boolean consistent) {}

    private static Candidate candidate(Session session, DueViews.Due due) {
        return due.consistent()
                ? new Candidate(inputsFirst(session.query(MEMBERS, Member::read, due.group())), true)
                : new Candidate(List.of(due.view()), false);
    }

    private Batch claim(Session session, Candidate candidate, Instant now) {
        var attempts = new ArrayList<Attempt>();
        candidate.views().forEach(view -> claim(session, view, now).ifPresent(attempts::add));
        return new Batch(attempts, candidate.consistent());
    }

    private static List<ViewName> inputsFirst(List<Member> members) {
        var left = new ArrayList<>(members);
        var ordered = new ArrayList<ViewName>();
        while (!left.isEmpty()) {
            List<Long> waiting = left.stream().map(Member::oid).toList();
            Member next = left.stream()
                    .filter(member -> member.inputs().stream().noneMatch(waiting::contains))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            ordered.add(next.view());
        }
        return ordered;
    }

    private Optional<Attempt> claim(Session session, ViewName view, Instant now) {
        Optional<ViewPolicy> policy = policies.of(view);
        if (policy.isEmpty()) {
            // Replicas of other settings have put it into a consistent group of ours.
            return Optional.empty();
        }
        return RunState.claim(session, view).map(run -> {
            session.update(
                    BEGIN,
                    run.runId(),
                    Instants.parameter(now),
                    run.requestedBy(),
                    heartbeat.instance(),
                    heartbeat.processId(),
                    view.schema(),
                    view.name());
            return Attempt.find(session, run.runId(), policy.get(), now).orElseThrow();
        });
    }
}
