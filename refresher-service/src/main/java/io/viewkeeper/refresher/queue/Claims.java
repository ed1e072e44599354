package io.viewkeeper.refresher.queue;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.register.Circles;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes due views for this process, by committing a row for each run before it begins. One replica claims at a time, so that
 * what one look finds due is still due when its row is written.
 */
public final class Claims {
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

    private static final String CLAIM = """
        /* viewkeeper:claims */
        with old as (
          select s.*
          from viewkeeper.view_state s
          where s.view_schema = $1
            and s.view_name = $2
            and s.dropped_at is null
            and s.refusal is null
          for update
        ),
        asked as (
          update viewkeeper.view_state s
          set pending_run_id = null, requested_by = null
          from old
          where s.view_schema = old.view_schema
            and s.view_name = old.view_name
          returning
            coalesce(old.pending_run_id, pg_catalog.gen_random_uuid()) as run_id, old.requested_by, old.view_schema,
            old.view_name, old.view_oid, old.view_group, old.due_trigger, old.consecutive_failures, old.next_due_at,
            old.read_at, old.data_as_of, old.expected_duration_ms
        ),
        run as (
          insert into viewkeeper.refresh_run (
            run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, requested_by,
            expected_duration_ms, instance, process_id)
          select
            run_id, view_schema, view_name, view_oid, view_group, due_trigger, consecutive_failures + 1,
            coalesce(next_due_at, $5), requested_by, expected_duration_ms, $3, $4
          from asked
          returning run_id, view_oid::bigint, trigger, attempt, scheduled_at, claimed_at
        )
        select
          run.*, asked.view_schema, asked.view_name, asked.requested_by, asked.read_at, asked.data_as_of,
          asked.expected_duration_ms,
          pg_catalog.current_database() as database
        from run, asked
        """;

    private record Member(ViewName view, long oid, List<Long> inputs) {
        static Member read(Row row) {
            return new Member(
                    ViewNames.of(row), row.getLong("view_oid"), Arrays.asList(row.getArrayOfLongs("input_oids")));
        }
    }

    private final Database database;
    private final Policies policies;
    private final String instance;
    private final UUID processId;

    public Claims(Database database, Policies policies, String instance, UUID processId) {
        this.database = database;
        this.policies = policies;
        this.instance = instance;
        this.processId = processId;
    }

    /**
     * What this process is to refresh now, committed as its own.
     *
     * @param most batches
     * @param circles within which no view waits for another
     * @param lowestPriority views of a lower one wait
     */
    public List<Batch> claim(Instant now, int most, Circles circles, int lowestPriority) {
        if (database.queryFirst(ANY_DUE, row -> row, Instants.parameter(now)).isEmpty()) {
            return List.of();
        }
        return database.inTransaction(session -> {
            // Another replica claims at this moment; what it leaves is taken at the next turn.
            if (!session.queryOne(LOCK, row -> row.getBoolean(0))) {
                return List.of();
            }
            var claimed = new ArrayList<Batch>();
            for (DueViews.Due due : new DueViews(session, now, policies, circles, lowestPriority).startable(most)) {
                Batch batch = due.consistent()
                        ? claimGroup(session, due.group(), now)
                        : new Batch(claim(session, due.view(), now).stream().toList(), false);
                if (!batch.attempts().isEmpty()) {
                    claimed.add(batch);
                }
            }
            return claimed;
        });
    }

    private Batch claimGroup(Session session, String group, Instant now) {
        var attempts = new ArrayList<Attempt>();
        for (Member member : inputsFirst(session.query(MEMBERS, Member::read, group))) {
            claim(session, member.view(), now).ifPresent(attempts::add);
        }
        return new Batch(attempts, true);
    }

    private static List<Member> inputsFirst(List<Member> members) {
        var left = new ArrayList<>(members);
        var ordered = new ArrayList<Member>();
        while (!left.isEmpty()) {
            List<Long> waiting = left.stream().map(Member::oid).toList();
            Member next = left.stream()
                    .filter(member -> member.inputs().stream().noneMatch(waiting::contains))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private Optional<Attempt> claim(Session session, ViewName view, Instant now) {
        Optional<ViewPolicy> policy = policies.of(view);
        if (policy.isEmpty()) {
            // Replicas of other settings have put it into a consistent group of ours.
            return Optional.empty();
        }
        return session.queryFirst(
                CLAIM,
                row -> Attempt.read(policy.get(), now, row),
                view.schema(),
                view.name(),
                instance,
                processId,
                Instants.parameter(now));
    }
}
