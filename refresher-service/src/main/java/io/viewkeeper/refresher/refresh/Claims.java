package io.viewkeeper.refresher.refresh;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ViewPolicy;
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
import org.jboss.logging.Logger;

/**
 * Takes due views for this process, by committing a row for each run before it begins. One replica claims at a time, so that
 * what one look finds due is still due when its row is written.
 */
final class Claims {
    private static final Logger LOG = Logger.getLogger(Claims.class);

    /** Looked at besides those wanted: some may turn out to be none of ours. */
    private static final int SPARE = 100;

    // What is not due, and what cannot be begun, is not waited for: of an input's failure its dependents hear by event.
    private static final String STARTABLE = """
          s.next_due_at <= $1
          and s.dropped_at is null
          and s.refusal is null
          and s.view_group = any ($2::text[])
          and s.priority >= $3
        """;

    private static final String ANY_DUE =
            "/* viewkeeper:claims */\nselect from viewkeeper.view_state s where\n" + STARTABLE + "limit 1\n";

    private static final String LOCK = """
        /* viewkeeper:claims */
        select pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:claims', 0))
        """;

    // Views that feed others first: a view waits for an input of the same round, which by their jitter may be due a
    // little later, but neither for its retries nor for ever for one that is refreshed all the time. Who asked for the
    // view
    // waits for what is due already. An input of the same consistent group is refreshed in the same transaction.
    private static final String DUE = "/* viewkeeper:claims */\nselect\n"
            + "  s.view_schema, s.view_name, s.view_group, s.consistent\nfrom viewkeeper.view_state s\nwhere\n"
            + STARTABLE
            + """
          and not exists (
            select
            from viewkeeper.refresh_run r
            where (r.view_schema = s.view_schema and r.view_name = s.view_name)
              or (s.consistent and r.view_group = s.view_group)
          )
          and not exists (
            select
            from viewkeeper.view_state i
            cross join lateral (
              select s.next_due_at
                + case when s.pending_run_id is null then s.jitter_ms else 0 end * interval '1 millisecond' as end_of_round
            ) round
            left join viewkeeper.refresh_run r on r.view_schema = i.view_schema and r.view_name = i.view_name
            where i.view_oid = any (s.input_oids)
              and i.dropped_at is null
              and i.refusal is null
              and i.view_group = any ($2::text[])
              and i.priority >= $3
              and not (s.consistent and i.view_group = s.view_group)
              and (
                r.scheduled_at <= round.end_of_round
                or (
                  r.run_id is null
                  and i.next_due_at <= round.end_of_round
                  and (
                    i.next_due_at <= $1
                    or (
                      i.consecutive_failures = 0
                      and i.data_as_of < s.next_due_at - s.jitter_ms * interval '1 millisecond'
                    )
                  )
                )
              )
          )
          and not (s.consistent and exists (
            select
            from viewkeeper.view_state m
            where m.view_group = s.view_group
              and m.dropped_at is null
              and m.suspended_at is not null
              and (m.next_due_at is null or m.next_due_at > $1)
          ))
        order by s.priority desc, s.next_due_at, s.view_schema, s.view_name
        limit $4
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
            old.data_as_of, old.expected_duration_ms
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
          run.*, asked.view_schema, asked.view_name, asked.requested_by, asked.data_as_of, asked.expected_duration_ms,
          pg_catalog.current_database() as database
        from run, asked
        """;

    private record Due(ViewName view, String group, boolean consistent) {
        static Due read(Row row) {
            return new Due(
                    new ViewName(row.getString("view_schema"), row.getString("view_name")),
                    row.getString("view_group"),
                    row.getBoolean("consistent"));
        }
    }

    private record Member(ViewName view, long oid, List<Long> inputs) {
        static Member read(Row row) {
            return new Member(
                    new ViewName(row.getString("view_schema"), row.getString("view_name")),
                    row.getLong("view_oid"),
                    Arrays.asList(row.getArrayOfLongs("input_oids")));
        }
    }

    private final Database database;
    private final Policies policies;
    private final String instance;
    private final UUID processId;

    Claims(Database database, Policies policies, String instance, UUID processId) {
        this.database = database;
        this.policies = policies;
        this.instance = instance;
        this.processId = processId;
    }

    /**
     * What this process is to refresh now, committed as its own.
     *
     * @param most batches
     * @param lowestPriority views of a lower one wait
     */
    List<Batch> claim(Instant now, int most, int lowestPriority) {
        String[] groups = policies.groups().toArray(String[]::new);
        if (database.queryFirst(ANY_DUE, row -> row, Instants.parameter(now), groups, lowestPriority)
                .isEmpty()) {
            return List.of();
        }
        return database.inTransaction(session -> {
            // Another replica claims at this moment; what it leaves is taken at the next turn.
            if (!session.queryOne(LOCK, row -> row.getBoolean(0))) {
                return List.of();
            }
            var claimed = new ArrayList<Batch>();
            var groupsTaken = new ArrayList<String>();
            for (Due due :
                    session.query(DUE, Due::read, Instants.parameter(now), groups, lowestPriority, most + SPARE)) {
                if (claimed.size() == most) {
                    break;
                }
                if (!due.consistent()) {
                    claim(session, due.view(), now)
                            .ifPresent(attempt -> claimed.add(new Batch(List.of(attempt), false)));
                } else if (!groupsTaken.contains(due.group())) {
                    groupsTaken.add(due.group());
                    Batch group = claimGroup(session, due.group(), now);
                    if (!group.attempts().isEmpty()) {
                        claimed.add(group);
                    }
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
            LOG.warnf("view=%s state=passed-over reason=replicas of other settings have put it into a group", view);
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
